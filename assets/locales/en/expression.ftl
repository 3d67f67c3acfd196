# What is wrong with a typed expression.
expression-at = Line { $line }, column { $column }: { $what }
expression-nothing = Type an expression, such as f = mean(x ** 2).
expression-ends = the line ends where { $expected } was expected.
expression-expected = { $expected } was expected, { $found } was found.
expression-unknown-name = { $name } has no value. Add a line such as { $name } = [1, 2, 3].
expression-unknown-function = { $name } is no function that can be drawn. The palette lists those that can.
expression-unknown-keyword = { $function } takes no { $keyword }.
expression-arguments = { $function } takes { $expected } arguments, { $found } were given.
expression-circle = { $name } is made of itself. Give it numbers, or another name on one of the sides.
expression-ragged = the rows of a list must be equally long, at most two deep and not empty.
expression-too-large = this is too large to be drawn. Split it into several expressions.
expression-hint = Type it as in Python: ** for powers, @ for matrix products, torch. before a name if you like. Numbers with a name become variables that get a gradient.
expression-draw = Draw
expression-as-text = As one expression
expression-as-code = As PyTorch code
expression-copy = Copy: { $what }
