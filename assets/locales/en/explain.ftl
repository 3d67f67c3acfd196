# Explaining and walking in the terminal, and the words of actions.
cli-explain-title = # d loss / d { $param } = { $value }
cli-explain-words = How much the loss grows when { $param } grows by a little: { $value } times as much. Over { $n ->
    [one] one row
   *[other] { $n } rows
}, dropout off.
cli-explain-steps = ## From the end: the chain of deltas
cli-explain-paths = ## All paths, multiplied: the { $shown } largest of { $n }
cli-explain-sum = Sum of all paths: `{ $sum }`
cli-explain-count-entry = Multiplications for this entry, local derivatives left out: { $steps } from the end, { $paths } along all paths.
cli-explain-count-all = For the whole gradient of one sample: { $steps } from the end, { $paths } along all paths.
cli-explain-form = “{ $param }” names no entry: write it as 'Dense 1.weight[0,1]'. This model has { $known }
cli-explain-no-parameter = There is no parameter of “{ $param }”. This model has { $known }
cli-explain-outside = “{ $param }” lies outside its tensor; rows and columns count from 0. This model has { $known }
cli-explain-frozen = { $param } is frozen, so it gets no gradient: let it train, and ask again
cli-explain-unreached = No gradient reaches { $param }: no loss depends on it
cli-explain-no-number = “{ $claim }” is no number: write it with a decimal point or comma, such as 0.0822
cli-explain-right = { $claim } is right: { $exact }
cli-explain-wrong-sign = { $claim } has the wrong sign: { $exact }
cli-explain-not-rounded = { $claim } is cut off, not rounded: { $exact }
cli-explain-wrong = { $claim } is not right: { $exact }
cli-walk-no-chain = This is no chain of layers with one loss, as the course's class is one: take --to numpy
cli-walk-loop = # The same for any number of layers, with lists of activations and deltas:
# What an action of a pass does.
cli-walk-clear = gradients are forgotten
cli-walk-forward = computes its output
cli-walk-seed = backward starts here
cli-walk-vector = backward(v) starts here, with v
cli-walk-send-over = sends a gradient back
cli-walk-send-past = sends past its activation, in one step
cli-walk-send-to = sends to its parameter
cli-walk-clip = gradients are clipped
cli-walk-update = the optimizer's step
cli-walk-for-showing = { " " }(only to be shown)
# The notes of the course's code.
course-delta-joined = Delta of layer { $layer }: the derivative of the loss times that of the activation comes to prediction minus target (chain rule; the fractions cancel)
course-delta = Delta of layer { $layer }: what arrives, times the slope of the activation at each unit, entry by entry (chain rule)
course-weight = Gradient of the weights of layer { $layer }: what came in times the delta; transposed, so that inputs are rows and units are columns, as in W{ $layer } (z = x·w, so dz/dw = x)
course-bias = Gradient of the bias of layer { $layer }: a bias is added, so its derivative is 1 and the delta itself is left
course-back = Back to the activation of layer { $before }: every unit takes its share of each delta along its weight; W{ $layer } is transposed because it is walked against the arrows
course-loss = How the loss changes with the prediction
course-loss-half = How the loss changes with the prediction: the ½ cancels the 2 of the square. Nothing is divided by n, so the 2/n of a mean of squares is missing here
course-loss-mse = How the loss changes with the prediction: the 2 comes from the square, and 1/n stands at the parameters
course-loop = From the last layer to the first: A[0] is the input, A[l + 1] the activation of layer l
course-loop-last-joined = The last delta: prediction minus target
course-loop-last = The last delta: the derivative of the loss times the slope of the activation
course-loop-delta = Any other delta: what the layer behind it sent back, times the slope of the activation
course-loop-weight = What came in, transposed, times the delta
course-loop-bias = The delta itself, because a bias is added
course-loop-back = For the layer before: along the weights, against the arrows
