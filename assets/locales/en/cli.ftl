# The command line.
cli-bench-speed = { $workload }: { $samples } samples/s, { $gflops } GFLOP/s in products
cli-bench-memory = allocations a step: { $allocations }, packing buffers of products left out
cli-bench-product = Here and now, all threads: a product of 1024³ { $gflops } GFLOP/s, fused multiply-adds on registers { $fma } GFLOP/s
cli-bench-publishing = { $workload }: { $with } samples/s with live snapshots, { $without } without; they cost { $share } %
cli-no-window = No window can open ({ $reason }). Training in the terminal instead.
cli-no-data = This model has no data: name a file with --data
cli-no-example = There is no example { $name }
cli-data-missing = The data file { $path } is not there: name another one with --data
cli-data-changed = Note: { $what } It is used as it is now.
cli-cannot-print = Cannot print: { $reason }
cli-has-problems = This network cannot run; vastavirta check says why
cli-no-such-row = There is no row { $row }: the data have { $n ->
    [one] one usable row
   *[other] { $n } usable rows
 }, counted from 0
cli-train-begin = { $rows ->
    [one] 1 row trains
   *[other] { $rows } rows train
 }, { $validation ->
    [one] 1 validates
   *[other] { $validation } validate
 }, { $epochs ->
    [one] 1 epoch
   *[other] { $epochs } epochs
 }
cli-train-epoch = epoch { $epoch } of { $epochs }: loss { $loss }
cli-train-val-loss = validation loss { $value }
cli-train-mae = MAE { $value }
cli-train-rmse = RMSE { $value }
cli-train-r2 = R² { $value }
cli-train-accuracy = accuracy { $value }
cli-train-mse = MSE { $value }
cli-train-persistence-mse = “tomorrow is like today” { $value }
cli-train-saved = Saved to { $path }
cli-train-out-changed = { $path } was changed by somebody else while the training ran, so it is left as it is.
cli-train-not-saved = Not saved; --out OUT.ron saves the trained model
cli-grad-loss = loss = { $loss } over { $n ->
    [one] one row
   *[other] { $n } rows
}
cli-grad-of = d loss / d { $name }, { $shape }:
cli-grad-none = { "  " }none
cli-grad-frozen = { "  " }frozen
cli-check-no-problems = The drawing has no problems.
cli-check-error = Error at { $place }: { $problem }
cli-check-warning = Warning at { $place }: { $problem }
cli-check-error-anywhere = Error: { $problem }
cli-check-warning-anywhere = Warning: { $problem }
cli-check-note = Note: { $problem }
cli-check-fix = { "  " }To mend it: { $fix }
cli-check-parameter = { $name }: { $checked } of { $n } checked
cli-check-agree = all agree
cli-check-differ = { $n } DIFFER
cli-check-at-kink = { $n } at a kink
cli-check-largest = largest difference { $error }
cli-check-entry = { "  " }{ $name }{ $index }: backward { $analytic }, central difference { $numeric }
cli-check-sample = There are too many numbers to check all, so a sample of each tensor was looked at: { $checked } of { $n }.
cli-check-nothing = Nothing could be checked: every number lies at a kink, where differences measure no slope.
cli-check-passes = The gradient check passes on { $rows ->
    [one] one row
   *[other] { $rows } rows
}.
cli-check-fails = The gradient check FAILS on { $rows ->
    [one] one row
   *[other] { $rows } rows
}.
cli-predict-width = { $node } takes { $expected ->
    [one] one feature
   *[other] { $expected } features
 }, the data give { $found }: give data with the columns that the model was trained on
cli-predict-left-out = { $what }. They have no prediction.
cli-predict-no-inputs = This model reads no data: it has no Input, so that there is nothing to predict. `vastavirta grad` shows its numbers.
cli-fit-kept = The data are prepared as the weights were trained: scaling and categories are those stored in the model. --refit fits them anew.
cli-fit-anew = The preprocessing is fitted anew to the data.
cli-evaluate = loss { $loss } over { $rows ->
    [one] one row
   *[other] { $rows } rows
}
cli-evaluate-loss = { $name }: loss { $loss }
cli-new-saved = Saved to { $path }: { $features } features predict { $target }, loss { $loss }. Train it with: vastavirta train { $path } --out { $path }
cli-kind-fitted = The model was trained with the column “{ $column }” read in another way, and its weights know no other. Leave --kind out, or fit anew with train --data FILE --refit.
cli-out-no-model = { $path } is there and is no model. Name another file, or replace it with --force.
cli-out-no-predictions = { $path } is there and is no list of predictions. Name another file, or replace it with --force.
cli-out-exists = { $path } is there already. Name another file, or replace it with --force.
cli-new-no-target = There is no column “{ $target }”. The columns are: { $names }
cli-new-ignored = Not used: { $columns }
picture-unknown = The model has no parameter { $name }; it has { $known }.
picture-too-large = The picture is too large for PNG; write it as SVG.
cli-inspect-size = { $rows } rows × { $columns } columns, { $usable } rows usable with these roles:
cli-new-expression = Saved { $path }: { $nodes } nodes.
