# What the trained network does: predictions, boundaries, what-if, health of a run.

insight-not-ready = Nothing can be predicted yet: the network needs a loss, a target and rows of data. The Problems panel tells what is missing.
insight-computing = Computing …
insight-step = weights after step { $step }
insight-step-older = of older weights, after step { $step }

predictions-no-loss = Nothing is predicted here: wire a Target and the network’s last node to a loss.
predictions-loss = Predictions of which loss
predictions-part = Rows of which part
predictions-all = All rows
predictions-training = Training
predictions-validation = Validation
predictions-only-wrong = Only wrong
predictions-cell = { $truth } taken for { $said }
predictions-cell-hint = Only rows of this cell of the confusion matrix are listed. A click lists all again.
predictions-cell-count = { $n ->
    [one] One row
   *[other] { $n } rows
 } of class { $truth } predicted as { $said }: list only these
predictions-rows = { $n ->
    [one] one row
   *[other] { $n } rows
 }
predictions-truth = Truth
predictions-said = Prediction
predictions-of = { $what } { $output }
predictions-picture = Picture
predictions-probability = P({ $class })
predictions-error = Error
predictions-miss = 1 − P(truth)
predictions-sort = Sort by { $column }
predictions-sort-hint = Sort by this column. Another click turns the order around.
predictions-sort-worst = The worst first. Another click turns the order around.
predictions-plot = Predicted against true
predictions-residuals = Errors against
predictions-against = What the errors stand against
predictions-score-title = Score the network on a second file
predictions-score-hint = Measures the network on the rows of another file, such as test data, prepared as its own rows were. Nothing is learned from them.
predictions-score-forget = Forget { $file }
predictions-score-empty = { $file } has no row that the network can read: every row lacks a value. Check its columns against those in the Data panel.
predictions-score-rows = Listed are rows of { $file }, prepared as the model’s own; nothing is learned from them. The other panels show rows of the model’s own data only, so a click here chooses none.
predictions-score-row = A row of { $file }. Other panels show rows of the model’s own data only.
predictions-score-lost = The file could not be scored: the work was lost on the way. Try again.
menu-score-file = Score a second file …
predictions-scores = By class
predictions-precision = Precision
predictions-recall = Recall
predictions-f1 = F1
predictions-support = Rows
predictions-roc = ROC curve, AUC { $auc }
predictions-false-positives = false positives
predictions-true-positives = true positives
predictions-reliability = Do probabilities come true?
predictions-reliability-note = On the line, what is said with 80 % comes true in 80 % of the rows. Larger dots stand for more rows.
predictions-said-probability = said
predictions-found-share = came true
predictions-no-roc-title = ROC curve
predictions-no-roc = It needs rows of both classes: every listed row is of class { $class }. List rows of another part, or all.
predictions-no-known-class = There are no scores: no listed row is of a class that the network knows.
predictions-no-precision = No row was taken for this class, so there is nothing of which a share could be right.
predictions-no-recall = No row is of this class, so there is nothing of which a share could be found.
predictions-no-f1 = No row is of this class and none was taken for it.
predictions-no-truth = The file does not say what is true: its rows are predicted, but nothing can be measured or plotted.
predictions-not-validated = No row is in the validation part. The validation share is set in the Data panel.
predictions-none-listed = No row is listed, so there is nothing to plot. Choose all rows above, or undo a filter.
predictions-unknown-class = The network does not know this class: no row that it learned from has it. The row counts as wrong.
predictions-plotted = Which output is plotted
predictions-score-no-truth = The file has no column { $columns }: its rows are predicted, nothing is measured. Add the column to see metrics.
predictions-score-no-input = { $file } has no column { $columns }, which the network reads. Found were: { $found }. Rename the column in the file, or choose another file.

rollout-check = On its own predictions
rollout-check-hint = From a row on, the network reads its own predictions in place of the file: a forecast many rows ahead. Each is turned back into original units and prepared as the file’s numbers are.
rollout-after = after row
rollout-rows = rows ahead
rollout-errors = Root of the mean square error: { $one } one step ahead, { $rolled } on its own predictions.
rollout-no-windows = Nothing can be rolled out: rows were typed in, or each is a sequence of its own. Give the data windows of consecutive rows in the Data panel.
rollout-classes = Nothing can be rolled out: the network predicts a class, which is no number that its Input could read.
rollout-nothing-ahead = Nothing can be rolled out: the target stands in the rows that are read, so nothing is said about rows to come. Set the horizon to 1 or more in the Data panel.
rollout-target-not-read = Nothing can be rolled out: no Input reads the column that is predicted. Give the target’s column to the Input, too.
rollout-other-inputs = { $n ->
    [one] Nothing can be rolled out: an Input also reads { $columns }, which nobody knows for rows to come. Leave it out of the Input, or predict it, too.
   *[other] Nothing can be rolled out: Inputs also read { $columns }, which nobody knows for rows to come. Leave them out of the Inputs, or predict them, too.
 }
rollout-no-start = Nothing can be rolled out after row { $row }: values are missing in the rows before it. Choose another row.

boundary-x = Horizontal axis
boundary-y = Vertical axis
boundary-one-input = one input alone
boundary-of = What is shown
boundary-prediction = prediction
boundary-output = output { $class }
boundary-unit = { $node }, unit { $unit }
boundary-others = the others at
boundary-start = Where the other inputs stand
boundary-mean = the mean
boundary-mean-categories = the mean, the most frequent category
boundary-prediction-of = prediction of { $loss }
boundary-newest-step = The network reads { $n } time steps. The axes change the newest one; the earlier ones stay as they are at the start.
boundary-categories = Only numbers stand along an axis. Categories stay as they are at the start: { $columns }. What-if tries each of them.
boundary-row = row { $row }
boundary-more-classes = and { $n } more
boundary-probability = probability
boundary-key-training = training row
boundary-key-validation = validation row
color-scale = The colors go from { $low } to { $high }.
boundary-nothing = There is no input that is a number. A field needs at least one: give a column of numbers the role of a feature in the Data panel.

landscape-not-ready = There is no loss yet: the network needs weights, a loss, a target and rows of data. The Problems panel tells what is missing.
landscape-nothing-moves = There is nothing to move: every weight is frozen or zero. Unfreeze some, or draw them anew with Train ▸ Reset the weights from the seed.
landscape-no-path = There is no path yet whose components could be shown: train some steps while this panel is open.
landscape-path-stays = The weights did not move in the steps that were recorded, so the path has no components: every weight is frozen, its gradient is zero, or the learning rate is too small for a difference.
landscape-not-finite = No loss at the weights or around them is a finite number: they are too large. Undo, take back a kept run, or draw them anew with Train ▸ Reset the weights from the seed, and train at a lower learning rate.
landscape-no-log = Here the loss is negative, or zero everywhere: it has no logarithm, so the scale is linear.
landscape-along = Along what the weights are moved
landscape-random = Random directions
landscape-random-note = Each direction is random and, unit by unit, as long as the unit’s own weights; biases stay. At 1, the weights are changed by as much as they are.
landscape-components = Components of the path
landscape-components-note = The axes are the principal components of the path that the weights took, about where they stand now.
landscape-weights = Single weights
landscape-weights-note = Everything else stays as it is. The axes hold the weights’ own values.
landscape-again = Other directions
landscape-again-hint = Draws other random directions. What is seen in all of them is no chance.
landscape-two = Two directions
landscape-reach = reach ×
landscape-log = Log scale
landscape-last-steps = Last steps only
landscape-last-steps-hint = Shows the last 60 kept steps of the path alone, not all of it since the weights were set.
landscape-weight = Weight along { $axis }
landscape-row = Row of the weight along { $axis }
landscape-column = Column of the weight along { $axis }
landscape-direction = direction { $n }
landscape-component = component { $n } ({ $share } %)
landscape-loss = The loss is { $loss } where the weights stand (the cross), over { $n ->
    [one] the only row
   *[other] all { $n } rows
 } of the training part.
landscape-loss-some = The loss is { $loss } where the weights stand (the cross), over { $n } of the { $of } rows of the training part.
landscape-shown = { $share } % of the path’s squared distances lie in the picture; the rest is seen from above. Choose “Components of the path” to see most of it.
landscape-explained = The first component explains { $x } % of the path, the second { $y } %.
landscape-path = The path goes from step { $from } (the circle) to step { $to }. The loss at a point beside the picture may be another one than under it.
landscape-no-path-yet = Train some steps while this panel is open: then the path of the weights is drawn here, too.

what-if-reset = Undo changes
what-if-reset-hint = Every input as it was at the start.
what-if-nothing = Nothing is predicted here: wire a Target and the network’s last node to a loss.
what-if-change-hint = The change from the prediction at the start.
what-if-slope = +1 → { $slope }
what-if-slope-hint = ∂ { $of } / ∂ { $input } = { $slope }: how much { $of } changes for each unit of { $input }, everything else as it is. Exact at this point; farther away the slope may be another one.
what-if-choices-hint = What { $of } would be with the other categories.
what-if-start = Start from

health-nothing = Nothing has been seen yet. With a loss, a target and rows of data, this panel follows the weights, activations and gradients of every layer while it trains.
health-shown = What is plotted
health-parameter = Of which parameter
health-step = after step { $step }
health-weights = Weights
health-activations = Activations
health-gradients = Gradients
health-grad-norms = Gradient norm
health-grad-norms-note = The norm of each layer’s weight gradient, on a logarithmic scale.
health-update-ratios = Update / weight
health-update-ratios-note = ‖Δ‖ / ‖W‖: how much of itself each layer’s next update changes. About a thousandth is usual.
health-idle = Dead and saturated
health-idle-note = Per cent of a ReLU’s units that are zero for every row, and of a sigmoid’s or tanh’s outputs that stand at an end.
health-steps = step
health-layer = Layer
health-layer-hint = A click selects the layer here and in the drawing.
health-norm = ‖grad‖
health-norm-hint = The norm of the gradient of its weights, as backpropagation left it.
health-ratio = ‖Δ‖ / ‖W‖
health-ratio-hint = How much of itself the next update changes. About a thousandth is usual.
health-stuck = stuck
health-stuck-hint = The share of a ReLU’s units that are zero for every row, or of a sigmoid’s or tanh’s outputs that stand at an end: little or no gradient passes there.
health-distribution = { $what } of { $layer }: { $low } … { $high }, root mean square { $rms }.
health-zeros = { $share } % are zero.
health-no-weights = This layer has no weights. Select one that has, or show its activations.
health-no-gradients = No gradient reaches this layer’s weights, or it has none.
health-no-units = No layer has a ReLU, sigmoid or tanh.

health-vanishing = { $layer }: the gradient vanishes on its way here; the layers behind learn at least ten thousand times as fast. Try ReLU instead of sigmoid or tanh, a shortcut past some layers with Add, or fewer layers.
health-exploding = { $layer }: numbers explode. Try a lower learning rate, gradient clipping by norm (Training panel), or smaller initial weights; then reset the weights.
health-vanishing-time = { $layer }: the gradient vanishes on its way back through time: less than a ten-thousandth of it arrives at the first steps, so nothing is learned from what lies far back. Try an LSTM or a GRU, fewer time steps, or larger recurrent weights.
health-exploding-time = { $layer }: the gradient explodes on its way back through time: it is more than a thousand times as large at the first steps as at the last. Try gradient clipping by norm (Training panel), smaller recurrent weights, or truncated backpropagation; then reset the weights.
health-dead = { $layer }: { $percent } % of its units are dead: they give zero for every row and learn nothing. Try a lower learning rate, Leaky ReLU, or biases that start at zero; then reset the weights.
health-saturated = { $layer }: { $percent } % of its outputs stand at an end, where next to no gradient passes. Try smaller initial weights (Xavier), scaled inputs, or ReLU.
health-rate-too-high = { $layer }: a single update changes { $percent } % of its weights, which throws learning about. The learning rate is too high: try a tenth of it, then reset the weights.
health-rate-too-low = { $layer }: the loss falls, but so slowly that the learning rate seems too low: try ten times as much.

runs-nothing = No run is kept yet. Train: a run that ends or is paused is kept by itself, with its curves, settings and weights, in the model file, to be compared with others.
runs-keep = Keep this run
runs-keep-hint = A run that ends or is paused is kept by itself. This keeps what single steps came to, or a run that was deleted.
runs-full = { $most } runs are kept at most, and all of them have a name. Delete one to keep another.
runs-made-room = { $most } runs are kept at most: { $names } made room. A run that you name stays.
runs-made-room-weights = All runs together keep at most a million weights: those of { $names } made room. A run that you name keeps its own.
runs-seeds = Same again with { $n } other seeds
runs-seeds-hint = Trains the same network from newly drawn weights with the next seeds, in the background, and keeps the runs: how much is luck?
runs-stop = Stop
runs-spread = { $names }: { $n } seeds, final loss { $mean } ± { $deviation } (mean and standard deviation).
runs-numbered = Run { $n }
runs-named = { $name }
runs-band = Mean of { $n } seeds ± deviation
runs-drawing = Drawing
runs-other-drawing = This run was drawn otherwise than what is drawn now.
runs-older-drawing = They go on with the drawing as it was when they began.
runs-no-place = The weights of { $name } have no place in what is drawn now: other layers or sizes. Undo the edits made since, or open the model as it was saved then.
runs-diverged = { $n ->
    [one] With one other seed the numbers became infinite or NaN; that run is not kept.
   *[other] With { $n } other seeds the numbers became infinite or NaN; those runs are not kept.
}
runs-limits = Kept in the model file: at most { $most } runs, with at most a million weights together, which make the file up to 12 MB larger, or 20 MB in double precision. Then the oldest without a name make room. An empty name brings the number back.
runs-name = Run
runs-epochs = Epochs
runs-draw = Draw the curve of { $name }
runs-rename = Name of { $name }
runs-restore = Take back the weights of { $name }
runs-restore-hint = Takes back the weights and settings that this run ended with. It can be undone.
runs-no-weights = The weights of this run are not kept: all runs together keep at most a million numbers.
runs-delete = Delete { $name }

# The paths of optimizers over a function of free tensors.
descent-steps = steps
descent-rate = learning rate { $rate } for all
descent-alone = f alone
descent-momentum = SGD, momentum { $momentum }
descent-same-gradient = At the start the gradient is the same for all: ({ $gradient }). What differs is what each optimizer makes of it: backpropagation finds the gradient, the optimizer takes the step.
descent-end = after { $n ->
    [one] one step
   *[other] { $n } steps
 }: { $place }, f = { $value }
descent-no-value = f has no value at the start: give the tensors other numbers.
