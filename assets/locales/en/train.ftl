# Training and its errors.

train-stopped-epochs = Training is finished: all epochs are done.
train-stopped-target-loss = Training is finished: the target loss is reached.
train-stopped-patience = Training stopped: the loss has not become better for a while.
train-stopped-diverged = Training diverged: the loss grew from { $from } to { $to }. The learning rate { $rate } is most likely too large; try a tenth of it.
train-stopped-interrupted = Training was interrupted.
train-stopped-failure = The training failed. This is a fault of the program: { $text }
train-stopped-not-finite = Training stopped at step { $step }: { $quantity } of { $node } is not a finite number. Likely cause: { $cause } The last good weights are kept.
train-quantity-value = the value
train-quantity-gradient = the gradient
train-quantity-parameter = a parameter
train-cause-data = the data holds such a number; mend the cell, or leave its column out.
train-cause-parameter = a parameter was not finite before the step; reset the weights.
train-cause-learning-rate = the weights grew from step to step, so the learning rate is too large; make it ten times smaller.
train-cause-exploding = gradients grew through many time steps; clip them, or use fewer steps.
train-cause-logarithm = the loss took the logarithm of a number outside of 0 to 1; put a sigmoid or softmax before it, or use the loss with logits.
train-cause-overflow = a number became too large; scale the data, or lower the learning rate.
train-cannot-one = Training cannot start. { $problem }
train-cannot-problems = Training cannot start: the drawing has problems that must be solved first. The Problems tab lists them.
train-cannot-no-data = Training cannot start: there is no data yet. Load a CSV, or type rows into the Input and Target nodes.
train-cannot-no-loss = Training cannot start: the drawing has no loss. Add one, and wire a prediction and a Target into it.
train-compiling = Compiling the network
train-cannot-stopped = Making the network ready was stopped. Press Train to do it after all.
train-cannot-no-rows = Training cannot start: no row is left for training. Make the validation part smaller, or load more rows.
