# Loading and preparing data.

data-error-in-file = { $file }: { $what }
data-error-in-file-line = { $file }, line { $line }: { $what }
data-error-in-file-column = { $file }, column { $column } ({ $name }): { $what }
data-error-in-file-line-column = { $file }, line { $line }, column { $column } ({ $name }): { $what }
data-error-at-line = line { $line }: { $what }
data-error-at-column = column { $column } ({ $name }): { $what }
data-error-at-line-column = line { $line }, column { $column } ({ $name }): { $what }

data-error-not-found = there is no such file. Check the path.
data-error-no-folder = there is no folder { $folder }. Check the path.
data-error-permission = reading this file is not permitted. Change its permissions, or copy it to a folder of your own.
data-error-directory = this is a folder, not a file. Choose a CSV file inside it.
data-error-not-a-file = this is a device or a pipe, not a plain file. Save the data as a CSV file first.
data-error-io = the file could not be read: { $reason }. Check the disk and the path.
data-error-empty = the file holds no rows. A CSV with at least one row of values was expected.
data-error-binary = this is not text. A CSV file was expected; save a spreadsheet as CSV first.
data-error-encoding = these bytes are not { $encoding }. Choose another encoding, such as Windows-1252, in the Data panel.
data-error-ragged = { $expected ->
    [one] one cell was expected
   *[other] { $expected } cells were expected
 } as in the first row, but { $found ->
    [one] one was found
   *[other] { $found } were found
 }. Mend the row, or choose another delimiter.
data-error-lines-lost = the file has { $lines } lines, but { $found } were accounted for. This is a fault of the program; please report the file.
data-error-no-numbers = no column holds numbers. Check the delimiter and the decimal sign.
data-error-not-a-number = a number was expected, but “{ $found }” was found. Mend the cell, or make the column a category.
data-error-too-many-cells = about { $found } cells, but memory should hold at most { $limit }. Load fewer rows or columns.
data-error-too-many-columns = { $found } columns, but at most { $limit } are allowed. Check the delimiter.
data-error-long-name = this name has { $found } characters, but at most { $limit } are allowed. Check the quote character and the delimiter.
data-error-too-many-features = the columns of { $node } give { $found } features, but at most { $limit } are allowed. Ignore columns, or make categories numbers.
data-error-long-row = a row is longer than { $limit } bytes. Check the quote character and the line ends.
data-error-too-many-categories = { $found } or more categories, but at most { $limit } become features. Make the column a number, or ignore it.
data-error-unknown-column = there is no column called “{ $name }”. Choose columns that the file has.
data-error-no-data = { $node } has neither a data file nor typed rows. Load a CSV, or type rows in.
data-error-no-features = { $node } needs at least one feature column. Set a column's role to feature.
data-error-no-targets = { $node } needs at least one target column. Set a column's role to target.
data-error-no-usable-rows = { $rows ->
    [one] the only row cannot
   *[other] none of the { $rows } rows can
 } be trained on. Fill missing values, ignore columns that lack them, or make the validation part smaller.
data-error-rows-lack-values = none of the { $rows } rows can be trained on: { $reasons }. Fill missing values, or ignore the columns that lack them.
data-error-too-few-rows = one window takes { $needed ->
    [one] one row
   *[other] { $needed } rows
 }, but { $found ->
    [one] there is only one
   *[other] there are only { $found }
 }. Use fewer steps or a shorter horizon.
data-error-row-counts = { $node } has { $rows ->
    [one] one typed row
   *[other] { $rows } typed rows
 } and { $other } has { $other-rows }. Give both the same number of rows.
data-error-typed-row-length = row { $row } of { $node } should hold { $expected ->
    [one] one number
   *[other] { $expected } numbers
 }, but it holds { $found }. Mend the row in the inspector.
data-error-uneven-groups = { $features ->
    [one] the only feature of
   *[other] the { $features } features of
 } { $node } cannot be cut into { $steps } equal groups, one for each step. Choose other columns or another number of steps, or take “a row for every step” off the node.
data-error-cancelled = making the data ready was stopped. Press Train to do it after all.

data-changed-size = { $path } has changed since the model was saved: it had { $rows-before ->
    [one] 1 row
   *[other] { $rows-before } rows
 } × { $columns-before ->
    [one] 1 column
   *[other] { $columns-before } columns
 }, now it has { $rows ->
    [one] 1 row
   *[other] { $rows } rows
 } × { $columns ->
    [one] 1 column
   *[other] { $columns } columns
 }.
data-changed-values = { $path } has changed since the model was saved: it still has { $rows ->
    [one] 1 row
   *[other] { $rows } rows
 } × { $columns ->
    [one] 1 column
   *[other] { $columns } columns
 }, but other contents.

data-left-out = { $left-out } of { $rows } rows left out: { $reasons }
data-lack = { $n } lack { $column }
data-lack-and = { $first }, { $rest }
data-lack-more = others lack { $n } more columns
data-rows = { $n ->
    [one] row { $rows }
   *[other] rows { $rows }
}
data-rows-and-more = rows { $rows } and { $n } more
data-unknown-category = { $column }: the model does not know “{ $category }” ({ $rows }). It counts as none of the categories.
data-unknown-similar = { $column }: the model does not know “{ $category }” ({ $rows }), only “{ $similar }”. It counts as none of the categories.
data-unknown-more = The model does not know { $n } more categories.
data-unknown-columns = The model does not know these columns; they are left out: { $columns }
data-unknown-columns-more = The model does not know these columns; they are left out: { $columns } and { $n } more
data-unused-empty = { $column } is not used: { $missing } of { $rows } rows lack it. Choose a role for it if it is worth those rows.
data-unused-constant = { $n ->
    [one] { $columns } is not used: it says the same in every row.
   *[other] { $columns } are not used: each says the same in every row.
}
data-unused-constant-more = { $columns } and { $more } more columns are not used: each says the same in every row.
data-unused-empty-more = { $n } more columns are not used: most rows lack them.
data-at-line = line { $line }
data-at-row = row { $row }

data-refit-title = How shall the other data be prepared?
data-refit-body = The network was trained with the scaling and the categories of its old data. { $file } can be prepared in the same way, so that the weights keep their meaning; or the preprocessing is fitted to it anew, and the weights must learn again.
data-refit-lacks = The network was trained with columns that { $file } lacks: { $columns }. Its columns can be chosen anew; the preprocessing is then fitted to it, and layers of another width get new weights.
data-refit-keep = Prepare as in training
data-refit-anew = Fit anew
data-fit-kept = { $file } is prepared as the weights were trained; nothing was fitted anew.
data-fit-anew = Prepared in another way than the weights were trained with: { $columns }

data-preparing-rows = Preparing the data
data-loading = Reading { $file }
data-none = No data yet
data-none-hint = Load a CSV file, or type rows into an Input and a Target in the inspector.
data-typed = The rows were typed in by hand
data-drop-hint = A file can also be dropped anywhere on this window.
data-path = Path of a data file
data-path-hint = path/to/data.csv
data-load = Load
data-reload = Read again
data-unload = Remove
data-progress = Progress of loading
data-cancel = Cancel
data-size = { $rows ->
    [one] 1 row
   *[other] { $rows } rows
 } × { $columns ->
    [one] 1 column
   *[other] { $columns } columns
 }
data-parts = rows: { $training } train · { $validation } validate · { $dropped } left out
data-parts-windows = windows of { $length } rows: { $training } train (on { $training-rows } rows) · { $validation } validate (on { $validation-rows }) · { $dropped } rows left out
data-parts-windows-hint = A window is one row for each time step, and those that the target looks ahead. Windows overlap, and none reaches over the border between the parts: that is why there are fewer windows than rows. Of the rows left out, { $lacking } lack a value; { $unreached } are in no window, because too few whole rows follow one another there or the stride passes over them.
data-not-read = The file has not been read.

data-reading = How the file is read
data-delimiter = Delimiter
data-delimiter-comma = , comma
data-delimiter-semicolon = ; semicolon
data-delimiter-tab = tab
data-delimiter-bar = | bar
data-delimiter-colon = : colon
data-delimiter-space = one space
data-delimiter-blanks = spaces and tabs
data-quote = Quote
data-quote-double = " double
data-quote-single = ' single
data-sign-none = none
data-escape = Quote in quotes
data-escape-doubled = doubled
data-escape-backslash = \ before it
data-decimal = Decimal sign
data-decimal-point = . point
data-decimal-comma = , comma
data-thousands = Thousands sign
data-thousands-none = none, or a space
data-thousands-apostrophe = ' apostrophe
data-thousands-underscore = _ underscore
data-header = Header row
data-skip = Lines above it
data-comment = Comment sign
data-comment-hash = # hash
data-comment-percent = % percent
data-comment-exclamation = ! exclamation
data-comment-star = * star
data-missing-words = Words for “missing”
data-missing-words-hint = Words that mean “no value”, separated by commas; upper and lower case are alike. An empty cell always means it.
data-encoding = Encoding

data-preparing = How values are prepared
data-missing = Missing values
data-missing-drop = leave the row out
data-missing-fill = fill with the mean
data-scaling = Scale features
data-target-scaling = Scale targets
data-scaling-none = as they are
data-scaling-standardize = standardize
data-scaling-minmax = min–max

data-split = Training and validation
data-validation-share = Validation part, %
data-split-shuffle = Drawn at random
data-split-seed = Drawn with the seed { $seed } of the training settings.
data-split-by-time = Windows are split by time: the last rows validate, and no window reaches over the border.

data-sequence = Sequences
data-sequence-layout = A sequence is
data-sequence-windows = consecutive rows
data-sequence-groups = groups of columns
data-stride = Stride, rows
data-horizon = Horizon, rows ahead

data-fitted = Fitted on the training part
data-fitted-note = Each value x becomes this; a category becomes 1 for its own feature and 0 for the others.
data-fitted-as-is = x, as it is
data-fitted-unseen = { $category } (not in the training part: all zeros)
data-more-columns = and { $n ->
    [one] one more column
   *[other] { $n } more columns
 }

data-row = Row
data-copy-rows = The first { $n } rows are copied.
data-role-of = Role of { $column }
data-role-feature = feature
data-role-target = target
data-role-ignored = ignored
data-kind-of = Kind of { $column }
data-kind-number = number
data-kind-category = category
data-kind-date = date
data-kind-text = text
data-part-training = This row trains.
data-part-validation = This row validates.
data-show-row = Row { $row }
data-show-row-hint = Click to see it as its own batch, click again for the whole batch
data-part-left-out = This row is left out: a value is missing, or no window reaches it.
data-summary-counts = { $missing } missing · { $distinct } different values
data-summary-numbers = smallest { $min } · mean { $mean } · largest { $max }
data-summary-token = “{ $token }” means missing, in { $n } cells
data-summary-odd = line { $line } holds “{ $text }”, which is no number
data-yes = yes
data-no = no
data-page = Columns { $from }–{ $to } of { $n }
data-page-previous = Columns before these
data-page-next = Columns after these

rows-source = Rows from
rows-all-features = all feature columns
rows-all-targets = all target columns
rows-chosen = chosen columns
rows-typed = typed rows
rows-no-columns = Load a data file to choose columns from it.
rows-features = Features
rows-count = Rows
rows-cell = Row { $row }, { $column }
rows-delete = Delete row { $row }
rows-add = Add a row
rows-as-text = As text
rows-text-hint = One row a line. Rows can be pasted from a spreadsheet.
rows-too-many = There are too many numbers to show as text.
rows-wrong-cell = Line { $line }: a number was expected, but “{ $found }” was found.
rows-wrong-length = Line { $line }: { $expected ->
    [one] one number was expected
   *[other] { $expected } numbers were expected
 }, but { $found ->
    [one] one was found
   *[other] { $found } were found
 }.

data-refused = { $file } was not loaded
data-refused-close = Close this message
data-refused-stays = The open work stays as it was.
data-refused-hint = The open work stays as it was. The file can be read another way:
data-place-line = Line { $line }
data-place-line-column = Line { $line }, column { $column } ({ $name })

# Why a line is no row, after "… left out: ".
data-skipped-header = the header
data-skipped-hint = tells the delimiter
data-skipped-above = above the table
data-skipped-comment = begins with the comment sign
data-skipped-blank = nothing stands on it
data-skipped-units = tells units
data-skipped-repeated-header = the header once more
data-skipped-note = text alone, not a row of cells
data-skipped-total = sums up the other rows
data-skipped-ragged = { $found } cells, but { $expected } columns

# What a person should know about how a file was read.
data-notes = Found while reading
data-note-at-line = Line { $line }: { $what }
data-note-encoding = the encoding is uncertain; it was read as { $encoding }. If letters look wrong, choose another encoding.
data-note-commas-decimal = commas in numbers were taken for decimal signs (1,234 as 1.234). If they separate thousands, say so.
data-note-commas-thousands = commas in numbers were taken for thousands signs (1,234 as 1234). If they are decimal signs, say so.
data-note-skipped = { $n ->
    [one] 1 line left out
   *[other] { $n } lines left out
}: { $reason }.
data-note-short-rows = { $n ->
    [one] 1 row has fewer cells than there are columns; those that lack are missing.
   *[other] { $n } rows have fewer cells than there are columns; those that lack are missing.
}
data-note-odd-cells = { $column } holds numbers, but “{ $text }” here{ $n ->
    [one] {""}
   *[other] {""} and { $n } such cells in all
}; that counts as missing.
data-note-kind = { $column }: { $reason }.

# Why a column is of its kind.
data-reason-empty = no cell holds anything
data-reason-affixes = numbers written as “{ $example }”; the signs were taken off
data-reason-other-signs = numbers with other decimal or thousands signs than the rest of the file
data-reason-odd-cells = { $odd } of { $all } cells are no numbers
data-reason-mixed = { $numbers } numbers and { $words } words, such as “{ $example }”
data-reason-booleans = words for yes and no, in any spelling
data-reason-dates = dates or times
data-reason-words = { $distinct ->
    [one] 1 word only
   *[other] { $distinct } different words
}
data-reason-free-text = { $distinct } different texts
data-reason-plain = every cell is a number
