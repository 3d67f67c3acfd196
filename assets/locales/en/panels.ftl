# Panels: inspector, plots, backward pass, names of kinds.

kind-input = Input
kind-target = Target
kind-dense = Dense
kind-identity = Identity
kind-relu = ReLU
kind-leaky-relu = Leaky ReLU
kind-elu = ELU
kind-gelu = GELU
kind-silu = SiLU
kind-softplus = Softplus
kind-sigmoid = Sigmoid
kind-tanh = Tanh
kind-softmax = Softmax
kind-add = Add
kind-multiply = Multiply
kind-concat = Concat
kind-dropout = Dropout
kind-mse = MSE
kind-half-sum-of-squares = Half sum of squares
kind-mae = MAE
kind-huber = Huber
kind-bce = BCE
kind-bce-with-logits = BCE with logits
kind-cross-entropy = Cross-entropy
kind-cross-entropy-with-logits = Cross-entropy with logits

pane-canvas = Drawing
pane-palette = Palette
pane-outline = Outline
pane-inspector = Inspector
pane-training = Training
pane-loss = Loss
pane-runs = Runs
pane-metrics = Metrics
pane-health = Health
pane-predictions = Predictions
pane-boundary = Boundary
pane-descent = Paths
pane-landscape = Landscape
pane-whatif = What-if
pane-data = Data
pane-backprop = Backprop
pane-problems = Problems
pane-group = Group
pane-all-tabs = All tabs of this bar
pane-hide = Hide this panel

metric-mae = MAE
metric-rmse = RMSE
metric-r2 = R²
metric-accuracy = accuracy

training-optimizer = Optimizer
training-learning-rate = Learning rate
training-momentum = Momentum
training-nesterov = Nesterov
training-weight-decay = Weight decay
training-alpha = Alpha
training-eps = Epsilon
training-beta1 = Beta 1
training-beta2 = Beta 2
training-batches = Batches
training-batch-size = Batch size
training-shuffle = Shuffle every epoch
training-seed = Seed
training-stop = When to stop
training-epochs = Epochs
training-target-loss = Target loss
training-patience = Patience
training-patience-unit = epochs without progress
training-clip = Gradient clipping
training-clip-none = None
training-clip-norm = By norm
training-clip-value = By value
training-max-norm = Largest norm
training-clip-limit = Largest magnitude
training-clip-note = Clipping acts in the optimizer: the panels show the gradients as backpropagation left them.

inspector-nothing = Nothing is selected
inspector-nothing-hint = Select a node of the drawing, or one in the outline, to see its numbers. Pinned nodes stay here.
samples-shown = Rows that are shown
samples-batch = the whole batch
samples-batch-hint = Every row of the batch; grad_W is the sum of their shares.
samples-share = this row's share of the batch
samples-share-hint = One row of the batch: its values, and what it adds to grad_W. The loss still averages over the whole batch.
samples-alone = this row as its own batch
samples-alone-hint = One row of the file, run as a batch of one: the loss averages over this row only.
samples-previous = Previous row
samples-next = Next row
samples-of-batch = { $n } / { $all } of the batch
samples-of-training = { $n } / { $all } training rows
samples-of-validation = { $n } / { $all } validation rows
samples-of-training-windows = { $n } / { $all } training windows
samples-of-validation-windows = { $n } / { $all } validation windows
samples-window = window from row { $row }
samples-row = row { $row }
samples-mean = { $n ->
    [0] the values themselves
    [one] the only row
   *[other] mean of { $n } rows
 }
samples-sum = { $n ->
    [0] the values themselves
    [one] the only row
   *[other] sum over { $n } rows
 }
samples-find-row = Row { $row } of the data
samples-find-row-hint = Show it among the data
inspector-time-step = time step
inspector-pin = Pin to the inspector
inspector-unpin = Unpin
inspector-name = Name of the node
inspector-summary-kind = { $kind }, { $shape }
inspector-no-root = No numbers yet: nothing says where backward() starts. Add a loss, or mark a value as its start.
inspector-no-pass-problems = No numbers yet: the Problems panel tells what is missing.
inspector-no-pass = No numbers yet: there are no rows to run on. Load a CSV, or type rows in.
inspector-not-watched = The numbers of this node arrive with the next pass.
inspector-no-parameter = { $letter } appears when the size of the input is known.
inspector-none = none: the gradient did not reach it
inspector-none-no-grad = None: it is computed under no_grad
inspector-none-constant = None: it is made of constants only, so nothing before it requires a gradient
inspector-frozen = frozen
inspector-target-grad = No gradient enters a target.
inspector-fused = Computed together with { $loss }: dZ = (A − Y) · s; dA is shown the long way.
inspector-update = Update of { $letter }
inspector-update-note = What the optimizer adds after this pass.

legend-values = values
legend-gradients = gradients

matrix-copy = Copy { $matrix }
matrix-more = More for { $matrix }
copy-save-svg = Save picture as SVG …
copy-save-png = Save picture as PNG …
copy-save-numbers = Save numbers as CSV …
copy-as = Copy as
copy-numpy = NumPy array
copy-pytorch = PyTorch tensor
copy-latex = LaTeX matrix
copy-markdown = Markdown table
copy-csv = CSV
matrix-scale = Color scale, from the largest negative to the largest positive number
matrix-name = Matrix { $matrix }
matrix-cell = row { $row }, column { $column }
matrix-edit = Value of the cell
matrix-edit-hint = Double-click to change it

setting-features = features
setting-per-step = a row for every step
setting-per-step-hint = Off: one value for the whole window
setting-units = units
setting-bias = bias
setting-init = Initial weights
setting-bias-init = Initial bias
setting-init-of = init { $letter }
setting-value = Value
setting-low = Lower end
setting-high = Upper end
setting-mean = Mean
setting-std = Standard deviation
setting-p = p
setting-function = function
setting-negative-slope = negative slope
setting-alpha = alpha
setting-loss = loss
setting-delta = delta
setting-weight = weight
setting-counted = counts
setting-counted-last = the last step
setting-counted-every = every step
setting-freeze = freeze { $letter }
setting-freeze-hint = A frozen parameter gets no gradient and does not learn.
setting-no-grad = no_grad
setting-no-grad-hint = Computes this under torch.no_grad(): nothing is recorded for backward(), no gradient goes back through it, and its value requires none.
setting-root = backward() starts here
setting-root-hint = Marks this value as a root: its gradient is 1 and every node before it gets its own. Over a batch the numbers add up. A value of several numbers takes a vector v.
setting-vector = v of backward(v)
setting-vector-hint = As many numbers as the value has (for one sample), as a list such as [1, 2, 3] or cells pasted from a spreadsheet.
setting-vector-ones = Ones
setting-vector-missing = Choose the ones offered here or type v: without it backward() cannot start at several numbers.
setting-vector-note = All gradients are vᵀJ = ∂(vᵀf)/∂x with f this value: of all its numbers, weighted by v.

init-linear-default = PyTorch default
init-zeros = Zeros
init-constant = Constant
init-uniform = Uniform
init-normal = Normal
init-xavier-uniform = Xavier uniform
init-xavier-normal = Xavier normal
init-kaiming-uniform = Kaiming uniform
init-kaiming-normal = Kaiming normal

plot-step = step
plot-time = seconds
plot-axis = Along the horizontal axis
plot-beside = Metric beside the loss
plot-loss-alone = loss alone
plot-smoothing = smoothing
plot-smoothing-hint = The strong curve is a mean of each point and those before it; the faint one is the curve as it is.
settings-yes = yes
settings-no = no
plot-log = log scale
plot-name = Plot: { $name }
plot-train = training
plot-validation = validation
plot-scaled = in scaled units
plot-nothing = The curves begin with the first finished epoch.
plot-not-validated = nothing is validated
plot-not-validated-hint = No row is set aside for validation, so metrics are measured now and then on the training part: see the Metrics panel. With a validation share, set in the Data panel, every epoch adds a point to their curves.
plot-epoch = epoch
plot-loss = loss

metrics-nothing = Metrics arrive with the first finished epoch.
metrics-validation = the validation part
metrics-training = the training part
metrics-about = On { $part }, after epoch { $epoch }
metrics-confusion = Confusion matrix
metrics-confusion-note = Rows are true classes, columns predicted ones.
metrics-unknown = { $n ->
    [one] One row is of a class that the network does not know: it counts as wrong and stands in no cell.
   *[other] { $n } rows are of a class that the network does not know: they count as wrong and stand in no cell.
 }
metrics-cell-count = { $n ->
    [one] One row
   *[other] { $n } rows
 } of class { $truth }, predicted { $said }
metrics-not-validated = No row is set aside for validation: this says how well the network knows the rows that it learned from, not how it does on others.
metrics-total = The total loss, each loss times its weight, and below it every loss with its own metrics.
metrics-units = MAE and RMSE are in the units of the data.
metric-loss = loss

backprop-empty = There is nothing to send back yet: wire a prediction and a target into a loss.
backprop-select = Select this node
inspector-summary = { $shape }, { $n ->
    [one] 1 parameter
   *[other] { $n } parameters
 }
inspector-counts = { $nodes ->
    [one] 1 node
   *[other] { $nodes } nodes
 }, { $edges ->
    [one] 1 wire
   *[other] { $edges } wires
 }, { $parameters ->
    [one] 1 parameter
   *[other] { $parameters } parameters
 }
backprop-title = The backward pass, { $n ->
    [one] 1 step
   *[other] { $n } steps
 } from the loss to the input
backprop-uncounted = only the loss of the last time step counts: dL = 0 here
init-eye = Identity

# Time steps and wires.
time-steps = time steps T
time-truncate = truncated backpropagation
time-truncate-hint = The state is detached before the steps k, 2k, …: gradients stop there, values pass
time-truncate-every = every k steps
wire-carries = carries { $shape }
wire-initial = before time began

# Sequences.
metric-mse = MSE
metric-persistence = MSE of “tomorrow is like today”
metrics-series = Predicted and true values
series-row = row
series-truth = in the file
series-prediction = predicted
series-one-step = one step ahead
series-rolled = on its own predictions
time-shares = Shares of the { $n } time steps in { $matrix }
time-norms = Size of { $letter } by time step
time-norms-none = No gradient arrives at any step.
time-norms-note = A line that falls towards the first step is a vanishing gradient, one that rises an exploding one.

# Tensors, functions, operations, reductions.
kind-tensor = Tensor
kind-neg = Neg
kind-exp = Exp
kind-log = Log
kind-sqrt = Sqrt
kind-pow = Pow
kind-sin = Sin
kind-cos = Cos
kind-tan = Tan
kind-abs = Abs
kind-sign = Sign
kind-step = Step
kind-round = Round
kind-clamp = Clamp
kind-log-softmax = LogSoftmax
kind-detach = Detach
kind-bernoulli = Bernoulli
kind-normal = Normal
kind-sub = Sub
kind-div = Div
kind-power = Pow (tensor)
kind-matmul = MatMul
kind-maximum = Maximum
kind-minimum = Minimum
kind-gt = Greater
kind-ge = Greater or equal
kind-lt = Less
kind-eq = Equal
kind-where = Where
kind-transpose = Transpose
kind-slice = Slice
kind-select = Select
kind-stack = Stack
kind-reshape = Reshape
kind-sum = Sum
kind-mean = Mean
kind-min = Min
kind-max = Max
kind-prod = Prod
kind-norm = Norm
kind-softsign = Softsign
port-other = second input
port-exponent = exponent
port-condition = condition
setting-exponent = exponent
setting-min = min
setting-max = max
setting-dim = dim
setting-start = start
setting-end = end
setting-index = index
setting-shape = shape
setting-size = size { $axis }
reduce-all = all
tensor-values = values
tensor-values-hint = One number, a list such as [1, 2, 3] or [[1, 2], [3, 4]], or cells pasted from a spreadsheet.
tensor-requires-grad-hint = With it the numbers get a gradient and the optimizer changes them; without it .grad stays None.
