# The gradient looked at closely: its list, a nudge, the gradient check.

pane-gradient = Gradient

gradient-count = { $n ->
    [one] { $n } partial derivative
   *[other] { $n } partial derivatives
}
gradient-about = The gradient is nothing but the collection of all partial derivatives: each says how much the loss grows when that one number grows and all others stay.
gradient-inputs = beside it: the inputs, which no optimizer moves
gradient-none = none

nudge-title = Nudge and look
nudge-choose = Choose a partial derivative on the left: its number is moved by ε while all others stay, and the loss is measured again.
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
check-choose = Click an entry below, or choose one on the left, to see its two losses.
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
lens-choose = Choose a partial derivative on the left: both ways to it are shown side by side.
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
