# The canvas, the palette and the outline.

# Names of the palette's groups.
palette-data = Data
palette-layers = Layers
palette-activations = Activations
palette-operations = Operations
palette-patterns = Patterns
palette-loss = Loss
palette-search = Search nodes
palette-nothing = Nothing fits.

# What each entry does.
palette-hint-input = Brings feature columns of the data, or rows typed in, into the network.
palette-hint-target = Holds what the network should answer; wire it to a loss.
palette-hint-dense = Weights every input for every unit and adds a bias: Z = X·Wᵀ + b.
palette-hint-dropout = Silences random features while training, so that none is relied on alone.
palette-hint-identity = Passes its input on unchanged.
palette-hint-relu = Keeps what is positive and turns the rest into zero.
palette-hint-leaky-relu = Keeps what is positive and lets a little of the rest through.
palette-hint-elu = Keeps what is positive and bends the rest smoothly towards −alpha.
palette-hint-gelu = Weights its input by the normal distribution: x·Φ(x).
palette-hint-silu = Weights its input by its sigmoid: x·σ(x).
palette-hint-softplus = A smooth ReLU: the logarithm of 1 + eˣ.
palette-hint-sigmoid = Squeezes any number between 0 and 1.
palette-hint-tanh = Squeezes any number between −1 and 1.
palette-hint-softmax = Turns each sample's features into probabilities that add up to 1.
palette-hint-add = Adds inputs of one shape; a skip connection ends here.
palette-hint-multiply = Multiplies inputs of one shape entry by entry; gates are made of it.
palette-hint-concat = Puts the features of its inputs side by side.
palette-hint-elman = A Tanh layer that also sees its own last state: two Dense layers, Add and Tanh in a loop.
palette-hint-lstm = A cell with input, forget and output gates, built from ordinary nodes.
palette-hint-gru = A cell with reset and update gates, built from ordinary nodes.
palette-hint-attention = One head of attention, softmax(q kᵀ / √d) v, built from ordinary nodes. It takes tokens [N, T, d]; the three W say d, 8 at first.
palette-hint-mse = The mean of the squared errors; for numbers.
palette-hint-half-sum-of-squares = Half the sum of the squared errors, as textbooks derive by hand.
palette-hint-mae = The mean of the absolute errors; outliers count less.
palette-hint-huber = Squares small errors and takes large ones as they are.
palette-hint-bce = Binary cross-entropy of probabilities; follows a sigmoid.
palette-hint-bce-with-logits = Binary cross-entropy of raw scores; follows a Dense layer.
palette-hint-cross-entropy = Cross-entropy of class probabilities; follows a softmax.
palette-hint-cross-entropy-with-logits = Cross-entropy of raw class scores; follows a Dense layer.

# Settings on cards.
canvas-cut-spoken = Gradients stop at its end: { $why }
canvas-root = root
canvas-no-grad = no_grad
canvas-units = { $units ->
    [one] { $units } unit
   *[other] { $units } units
 }
canvas-units-no-bias = { $units ->
    [one] { $units } unit, no bias
   *[other] { $units } units, no bias
 }
canvas-dropout = p { $value }
canvas-slope = slope { $value }
canvas-alpha = alpha { $value }
canvas-delta = delta { $value }
canvas-loss-weight = weight { $value }

# What a screen reader and the tooltips say.
canvas-node-spoken = { $name }, { $kind }{ $setting ->
    [none] {""}
   *[other] , { $setting }
 }
canvas-wire-spoken = { $from } → { $to }{ $shape ->
    [none] {""}
   *[other] , shape [{ $shape }]
 }
canvas-loop-spoken = { $from } → { $to }, { $delay ->
    [one] one step later (t−1)
   *[other] { $delay } steps later (t−{ $delay })
 }{ $shape ->
    [none] {""}
   *[other] , shape [{ $shape }]
 }
canvas-tip-values = values of { $n ->
    [one] one feature
   *[other] { $n } features
 }, { $rows }, largest { $max }
canvas-tip-grads = gradient of { $n ->
    [one] one feature
   *[other] { $n } features
 }, { $rows }, largest { $max }
canvas-strips = Strips: { $rows }
canvas-strips-batch = { $rows }, gradients as sums
canvas-what-if = the What-if point, with inputs changed by hand
canvas-what-if-older = the What-if point a moment ago
canvas-port-output = output: pull a wire from here
canvas-empty = Drag a node here from the palette, or double-click.
canvas-rename-hint = Name of the node

# Wires and popups.
canvas-becomes-loop = This closes a cycle: it becomes a loop edge (t−1).
canvas-loop-question = This wire would close a cycle. A loop edge hands the value on to a later time step instead.
canvas-loop-delay = delay
canvas-loop-yes = Make it a loop edge
canvas-cancel = Cancel
canvas-add-node = Add a node
canvas-add-connected = Add a node to this wire

# Menus.
canvas-menu-rename = Rename
canvas-menu-kind = Change the kind
canvas-menu-align = Align
canvas-menu-insert = Insert a node here …
canvas-menu-make-loop = Make it a loop edge (t−1)
canvas-menu-unloop = Make it an ordinary wire
canvas-menu-initial-zeros = Starts with zeros
canvas-menu-initial-trained = Starts with a trained state
canvas-menu-add = Add a node here …

# The outline.
outline-empty = Nothing is drawn yet.
outline-node = Outline: { $name }, { $kind }
outline-node-with-problem = Outline: { $name }, { $kind }, has a problem
outline-wire-from = from { $name }
outline-wire-to = to { $name }
outline-connect-to = Connect to …
outline-connect-loop = { $name } (as a loop, t−1)

# The unrolled graph.
unrolled-title = Unrolled over { $steps } time steps, to look at
unrolled-shown = steps shown
unrolled-back = Back to the drawing
unrolled-copy = { $name }, step { $step }
unrolled-zeros = zeros
unrolled-trained = trained
unrolled-detached = cut

# Tensors, functions, operations, reductions.
palette-tensors = Tensors
palette-functions = Functions
palette-reductions = Reductions
palette-hint-tensor = Numbers typed in: one, a list, or a matrix; with requires_grad they get a gradient.
palette-hint-neg = Changes the sign: −x.
palette-hint-exp = e to the power x.
palette-hint-log = The natural logarithm; below 0 there is none.
palette-hint-sqrt = The square root; below 0 there is none.
palette-hint-pow = x to a power that is a number: x².
palette-hint-sin = The sine, in radians.
palette-hint-cos = The cosine, in radians.
palette-hint-tan = The tangent, in radians.
palette-hint-abs = The distance from 0; its slope at 0 is taken as 0.
palette-hint-sign = −1, 0 or 1. No gradient passes: it is flat, with a jump.
palette-hint-step = 1 above 0, else 0, as in a perceptron. No gradient passes: it is flat, with a jump.
palette-hint-round = The nearest whole number. No gradient passes: it is flat, with jumps.
palette-hint-clamp = Keeps numbers between two bounds.
palette-hint-log-softmax = The logarithm of softmax, without its rounding.
palette-hint-detach = Passes the value on and cuts its gradient.
palette-hint-bernoulli = 1 with the probability that comes in, else 0. No gradient passes a draw.
palette-hint-normal = A draw around the mean that comes in. No gradient passes a draw.
palette-hint-sub = The first minus the second, entry by entry.
palette-hint-div = The first divided by the second, entry by entry.
palette-hint-power = The first to the power of the second, entry by entry.
palette-hint-matmul = The matrix product: rows times columns.
palette-hint-maximum = The larger of two; a tie shares its gradient.
palette-hint-minimum = The smaller of two; a tie shares its gradient.
palette-hint-gt = 1 where the first is greater, else 0. No gradient passes.
palette-hint-ge = 1 where the first is greater or equal, else 0. No gradient passes.
palette-hint-lt = 1 where the first is less, else 0. No gradient passes.
palette-hint-eq = 1 where both are equal, else 0. No gradient passes.
palette-hint-where = The second where the condition is not 0, else the third.
palette-hint-transpose = Exchanges the last two sizes: rows become columns.
palette-hint-slice = A run of an axis, from start to before end.
palette-hint-select = One entry of an axis, which is gone afterwards.
palette-hint-stack = Puts values of one shape along a new axis.
palette-hint-reshape = The same numbers under other sizes.
palette-hint-sum = Adds numbers up, over an axis or all of them.
palette-hint-mean = The mean, over an axis or of all numbers.
palette-hint-min = The smallest number, over an axis or of all.
palette-hint-max = The largest number, over an axis or of all.
palette-hint-prod = Multiplies numbers, over an axis or all of them.
palette-hint-norm = The root of the sum of squares, over an axis or of all.
palette-hint-softsign = Squeezes any number between −1 and 1, more slowly than tanh: x / (1 + |x|).
canvas-exponent = power { $value }
canvas-min = from { $value }
canvas-max = to { $value }
canvas-std = std { $value }
canvas-dim = dim { $value }
canvas-start = from { $value }
canvas-end = to { $value }
canvas-index = entry { $value }
canvas-sizes = { $sizes }
