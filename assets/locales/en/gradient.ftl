# The gradient looked at closely: its list, a nudge, the gradient check.

pane-gradient = Gradient

gradient-of-parameters = { $n ->
    [one] { $n } parameter
   *[other] { $n } parameters
 }
gradient-of-frozen = { $n } frozen
gradient-of-unreached = { $n } not reached
gradient-of-inputs = { $n ->
    [one] { $n } input
   *[other] { $n } inputs
 }
gradient-about = The gradient is nothing but the collection of all partial derivatives: each says how much the loss grows when that one number grows and all others stay.
gradient-inputs = inputs, which no optimizer moves
gradient-inputs-hint = How much the loss grows with each input of the row that is looked at. They are no part of the gradient that an optimizer gets.
gradient-none = none

nudge-title = Nudge and look
nudge-choose = Choose a partial derivative from the list: its number is moved by ε while all others stay, and the loss is measured again.
nudge-step = Step ε
nudge-one = grow by one
nudge-sign = The other direction
nudge-running = Measuring …
nudge-nothing = Nothing is measured while the training runs, or while the drawing has problems.
nudge-near = The gradient foretells the change: they differ by { $off }.
nudge-far = Off by { $off }: over a step this large the loss is no straight line.
nudge-rows = { $n ->
    [one] The other numbers are held; dropout is off; measured in float64 on one row.
   *[other] The other numbers are held; dropout is off; measured in float64 on the { $n } rows of the batch.
}
nudge-curve = loss
nudge-tangent = tangent
nudge-points = before and after

check-title = Gradient check
check-start = Check all gradients
check-cancel = Stop
check-about = Compares what backward() computes with differences (L(w + ε) − L(w − ε)) / 2ε, for every parameter, in float64 on the first 32 rows at most.
check-passed = Passed: { $agree ->
    [one] the one entry that was checked agrees
   *[other] all { $agree } entries that were checked agree
}, largest relative error { $worst }, rows: { $rows }.
check-differ = Not passed: { $differ ->
    [one] one entry differs
   *[other] { $differ } entries differ
}, largest relative error { $worst }, rows: { $rows }.
check-nothing = Nothing could be checked.
check-at-kink = { $n ->
    [one] One entry was not checked: it is at a kink.
   *[other] { $n } entries were not checked: they are at a kink.
}
check-sample = A sample was checked: { $checked } of { $n } entries.
check-outdated = This is about weights or a drawing that have changed since.
check-choose = Click an entry below, or choose one from the list, to see its two losses.
check-not-in-sample = { $name } of { $owner } is not in the sample that was checked.
check-entry-agrees = Agrees: relative error { $error }.
check-entry-kink = Not checked, at a kink: between w − ε and w + ε a ReLU, |·| or the like bends, so the difference measures no slope.
check-entry-differs = Differs: relative error { $error }, more than rounding explains.
check-float32 = The training computes in float32, so its own gradient has about 7 digits; this check computes in float64.
check-cut = The first { $rows } rows and { $columns } columns are shown.
check-tip-unchecked = { $name }: not in the sample
check-tip-agrees = { $name }: agrees, relative error { $error }
check-tip-kink = { $name }: at a kink
check-tip-differs = { $name }: differs, relative error { $error }
check-spoken = Relative errors of { $name }: { $agree } of { $n } entries agree, { $differ } differ, { $kink } at a kink

menu-neurons = Open into neurons, or close
neurons-opened = { $name }, opened
neurons-close = Close
neurons-by-weight = by weight
neurons-by-gradient = by gradient
neurons-by-contribution = by contribution
neurons-hidden = { $n ->
    [one] and one more input
   *[other] and { $n } more inputs
}

lens-tab = Two ways
lens-choose = Choose a partial derivative from the list: both ways to it are shown side by side.
lens-running = Following the paths …
lens-nothing = No path leads from this number to the loss, or the training runs.
lens-paths = All paths, multiplied
lens-count = { $shown } of { $n } paths from the number to the loss, the largest first
lens-steps = From the end, deltas
lens-steps-about = Each delta is made once and used by all that come before it.
lens-equal = equal ✓
lens-not-equal = The two differ.
lens-cost-entry = Multiplications for this entry: { $paths } along paths, { $steps } from the end.
lens-cost-whole = For the whole gradient of one sample: { $paths } along paths, { $steps } from the end.

# What PyTorch keeps of a node.
autograd-title = As in PyTorch
autograd-saved = saved for backward
autograd-saved-nothing = nothing
autograd-saved-within = only by the functions that it is made of
autograd-handed-on = that of its input, handed on as it is
autograd-zeros = PyTorch sends zeros back here, since the value is flat; this program sends nothing. Neither lets anything learn.
autograd-none-yet = None
autograd-none-not-required = None (requires_grad=False)
autograd-not-kept = None: not kept for a value that is no leaf; retain_grad() keeps it
autograd-retain-grad-hint = PyTorch keeps .grad of leaves only. With retain_grad() the next backward() also keeps that of this value. The matrices above show it in any case.
autograd-retain-graph-hint = With it, backward() leaves what the functions saved, and can be called again.
autograd-zero-grad-hint = Forgets .grad of every leaf: None again.
autograd-forward-hint = Runs the forward pass again: the graph is built anew, and .grad stays. The program does so by itself whenever a number changes.
autograd-backward-hint = Adds the gradients of this pass to .grad of every leaf.
autograd-needs-pass = Needs a whole batch at rest: pause the training and choose “whole batch”.
autograd-before = Before backward() every .grad is None.
autograd-rounding = This gradient is only rounding: the shares that come back cancel, and exactly it is 0.
autograd-added-up = backward() ran { $n } times without zero_grad(): .grad is the sum of { $n } gradients.
autograd-is-freed = The graph is freed: what the functions saved is gone. forward() builds it again.
autograd-is-built = The graph is still there (retain_graph=True).
autograd-freed = backward() went through this graph before, and what the functions saved was freed with it. Run forward() again, or choose retain_graph=True before the first backward(). (PyTorch: “Trying to backward through the graph a second time”.)
autograd-no-grad = Nothing that backward() starts at requires a gradient: no tensor with requires_grad=True leads to it. Choose requires_grad in a Tensor, or mark another root. (PyTorch: “element 0 of tensors does not require grad and does not have a grad_fn”.)
