# Problems of a drawing.
problem-empty = Nothing is drawn yet. Start with an Input, a Dense layer, a Target and a loss.
problem-no-loss = There is no loss: nothing says what the network should learn. Add a Loss node, or let backward() start at a number (a node's settings).
problem-root-not-scalar = { $node }: backward() starts at one number a sample by itself; this is { $found }. Give it a vector v of these sizes to start with (ones give the gradient of the sum), reduce it to one number first, or take the mark away.
problem-seed-misfit = { $node }: backward(v) needs a v of the sizes { $expected }, found { $found }. Type v anew, or start with ones.
problem-no-target = There is no Target: the loss has nothing to compare with. Add a Target node and wire it to the loss.
problem-missing-input = { $node }: nothing arrives at “{ $port }”. Draw a wire to it.
problem-too-few-inputs = { $node }: expected at least { $expected } inputs, found { $found }. Draw the missing wires.
problem-wire-without-port = { $node } has { $ports ->
    [0] no input
    [one] one input
   *[other] { $ports } inputs
 }: there is no free port for this wire. Remove it.
problem-loose-end = This wire has a loose end. Remove it, and draw it anew from a port to a port.
problem-loss-has-no-output = { $node } is a loss: nothing can follow it. Remove this wire.
problem-target-as-input = { $node } sees the answer: { $target } is a Target and belongs to a loss. Wire an Input here instead.
problem-shape-mismatch = { $node }: expected shape { $expected }, found { $found }. Change the units of the Dense layer before it, or the wire.
problem-sides = { $node }: { $first } has { $a }, { $second } has { $b }. They must be equal: change the units of the Dense layer before it, or the wire.
side-prediction = prediction ({ $source })
side-target = target
side-input = { $source }
problem-classes-as-numbers = { $loss } takes the { $n } classes of { $target } for numbers. Classes are learned with Softmax and Cross-entropy.
problem-unknown-shape = { $node }: its shape follows from nothing. Put a Dense layer into the loop.
problem-cycle-without-delay = Cycle without delay: { $nodes }. One of its wires must be a loop edge (t−1).
problem-not-probabilities = { $loss } takes probabilities between 0 and 1; { $source } gives any numbers. Put a Sigmoid or a Softmax between them, or use the loss with logits.
problem-already-probabilities = { $loss } takes logits; { $source } gives probabilities already. Use the loss without logits, or leave { $source } out.
problem-duplicate-name = Two nodes are called { $name }. Rename one of them.
problem-empty-name = This node has no name. Give it one.
problem-unused = { $node } leads to no loss, so it learns nothing. Wire it on towards a loss, or delete it.
problem-no-width = { $node } does not know how many features it has. Load data, type rows in, or set its features.
problem-row-length = { $node }, row { $row }: expected { $expected ->
    [one] one number
   *[other] { $expected } numbers
 }, found { $found }. Mend the row in the inspector.
problem-row-not-finite = { $node }, row { $row }: a number is not finite. Type an ordinary number there.
problem-row-count = { $node }: expected { $expected ->
    [one] one row
   *[other] { $expected } rows
 } as in the other data node, found { $found }. Give both the same number of rows.
problem-setting = { $node }: { $setting } must be { $expected }, found { $found }.
problem-network-setting = { $setting } must be { $expected }, found { $found }.
problem-loop-without-steps = There is a loop but only one time step: only its initial state is ever seen. Set the time steps to 2 or more.
problem-too-large-parameters = Too large: at most { $expected } parameters can be held, found { $found }. Use fewer units.
problem-too-large-copies = Too large: unrolled over time there are { $found } copies of nodes, and at most { $expected } can be held. Use fewer time steps or nodes.
problem-too-large-copied-wires = Too large: unrolled over time there are { $found } wires, and at most { $expected } can be held. Use fewer time steps or wires.
problem-too-large-value = { $node } is too large: it gives { $found } numbers for every sample, and at most { $expected } can be held. Use fewer units or inputs before it.
problem-too-large-values = Too large: all nodes and time steps together give { $found } numbers for every sample, and at most { $expected } can be held. Use fewer units or time steps.
problem-too-large-wires = { $node }: { $found } wires arrive, and at most { $expected } can be held. Remove wires, or join some of them in a node before it.
problem-too-large-batch = Too large: a pass over { $rows ->
    [one] one row
   *[other] { $rows } rows
 } takes { $found } numbers, and at most { $expected } can be held. Use a smaller batch, fewer units or fewer time steps.
problem-target-outside = { $loss } takes targets between 0 and 1; { $target } gives { $found } ({ $place }; { $count ->
    [one] one row
   *[other] { $count } rows
 } like it). Give targets between 0 and 1, or use a regression loss.
problem-target-outside-scaled = { $loss } takes targets between 0 and 1; { $target } gives { $found }, the file’s { $original } after scaling ({ $place }; { $count ->
    [one] one row
   *[other] { $count } rows
 } like it). Leave the targets unscaled, or use a regression loss.
problem-target-sum = { $loss } takes targets that add up to 1 in each row; those of { $target } add up to { $found } ({ $place }; { $count ->
    [one] one row
   *[other] { $count } rows
 } like it). Give one class a row, or use another loss.

# What would mend them.
fix-set-units = Set units to { $units }
fix-make-loop = Make it a loop edge (t−1)
fix-set-loss = Use { $loss }
fix-classify = Use Softmax and Cross-entropy
fix-rename = Give it a free name
fix-remove-edge = Remove the wire
fix-set-steps = Set the time steps to { $steps }
fix-set-features = Set features to { $features }
fix-seed-ones = Start with ones
fix-seed-none = Start with 1
fix-targets-as-in-file = Take the targets as they stand in the file
fix-targets-to-unit-range = Scale the targets to 0…1

# Why a wire cannot end here.
refusal-no-such-node = The node is gone.
refusal-loss-has-no-output = Nothing can follow a loss.
refusal-no-such-port = This node has no such input.
refusal-port-taken = This input has a wire already.
refusal-cycle = This would close a cycle. As a loop edge (t−1) it can be drawn.
refusal-shape = Shapes differ: expected { $expected }, found { $found }.
refusal-sides = { $first } has { $a }, { $second } has { $b }. They must be equal.

# Ports.
port-input = input
port-prediction = prediction
port-target = target
port-any = input

# Ready-made recurrent patterns.
pattern-elman = Elman RNN
pattern-lstm = LSTM
pattern-gru = GRU
pattern-attention = Attention head

# What Undo and Redo name.
edit-add-node = add { $name }
edit-insert-node = insert { $name }
edit-connect = connect { $from } → { $to }
edit-delete-node = delete { $name }
edit-delete-nodes = delete { $n } nodes
edit-delete-edges = { $n ->
    [one] delete a wire
   *[other] delete { $n } wires
 }
edit-rename = rename to { $name }
edit-change-kind = make { $name } a { $kind }
edit-settings = settings of { $name }
edit-root = root { $name }
edit-no-grad = no_grad { $name }
edit-seed = vector v of { $name }
edit-paste = { $n ->
    [one] paste a node
   *[other] paste { $n } nodes
 }
edit-duplicate = { $n ->
    [one] duplicate a node
   *[other] duplicate { $n } nodes
 }
edit-move = { $n ->
    [one] move a node
   *[other] move { $n } nodes
 }
edit-align = align { $n } nodes
edit-layout = automatic layout
edit-wire = wire
edit-delay = { $n ->
    [0] make it an ordinary wire
   *[other] delay t−{ $n }
 }
edit-initial = initial state
edit-steps = { $n ->
    [one] one time step
   *[other] { $n } time steps
 }
edit-truncation = truncation
edit-data = data settings
edit-training = training settings
edit-parameter = numbers of { $name }
edit-freeze = { $n ->
    [one] freeze { $name }
   *[other] freeze { $n } parameters
 }
edit-unfreeze = { $n ->
    [one] unfreeze { $name }
   *[other] unfreeze { $n } parameters
 }
edit-keep-run = { $n ->
    [one] keep the run
   *[other] keep { $n } runs
 }
edit-rename-run = call the run { $name }
edit-delete-run = delete { $name }
edit-restore-run = take back { $name }
edit-import = import weights
edit-reset = reset weights
edit-fix = { $fix }

problems-none = No problems: training can start.
problems-to-do = Still to do
problems-error = Cannot run
problems-warning = Runs, but probably not as meant
problems-note = Good to know

# Where gradients stop.
problem-gradient-stops = No gradient goes back through { $node }: { $why }. What stands before it does not learn through it.
problem-nothing-learns = Nothing can learn here: no gradient reaches any parameter. It stops at { $node }: { $why }. Put a smooth function such as Sigmoid in its place.
problem-root-reaches-nothing = No gradient of { $root } reaches a parameter: it stops at { $node }, because { $why }. What stands before { $node } does not learn from { $root }.
stop-flat = its value is flat almost everywhere and jumps in between
stop-drawn = its value is drawn by chance
stop-detached = it is cut on purpose
stop-no-grad = it is computed under no_grad, which records nothing
