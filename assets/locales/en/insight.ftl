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
predictions-copy = Copy the list as CSV
predictions-truth = Truth
predictions-said = Prediction
predictions-of = { $what } { $output }
predictions-picture = Picture
predictions-probability = P({ $class })
predictions-error = Error
predictions-miss = Missed
predictions-sort = Sort by { $column }
predictions-sort-hint = Sort by this column. Another click turns the order around.
predictions-sort-worst = The worst first. Another click turns the order around.
predictions-plot = Predicted against true
predictions-residuals = Errors by prediction
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
boundary-row = row { $row }
boundary-nothing = There is no input that is a number. A field needs at least one: give a column of numbers the role of a feature in the Data panel.

what-if-reset = Undo changes
what-if-reset-hint = Every input as it was at the start.
what-if-nothing = Nothing is predicted here: wire a Target and the network’s last node to a loss.
what-if-change-hint = The change from the prediction at the start.
what-if-slope = +1 → { $slope }
what-if-slope-hint = ∂ { $of } / ∂ { $input } = { $slope }: how much { $of } changes for each unit of { $input }, everything else as it is. Exact at this point; farther away the slope may be another one.
what-if-choices-hint = What { $of } would be with the other categories.
what-if-start = Start from
