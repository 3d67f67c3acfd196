# Loading and preparing data.

data-error-in-file = { $file }: { $what }
data-error-in-file-line = { $file }, line { $line }: { $what }
data-error-in-file-column = { $file }, column { $column } ({ $name }): { $what }
data-error-in-file-line-column = { $file }, line { $line }, column { $column } ({ $name }): { $what }
data-error-at-line = line { $line }: { $what }
data-error-at-column = column { $column } ({ $name }): { $what }
data-error-at-line-column = line { $line }, column { $column } ({ $name }): { $what }

data-error-not-found = there is no such file. Check the path.
data-error-permission = reading this file is not permitted. Change its permissions, or copy it to a folder of your own.
data-error-directory = this is a folder, not a file. Choose a CSV file inside it.
data-error-not-a-file = this is a device or a pipe, not a plain file. Save the data as a CSV file first.
data-error-io = the file could not be read: { $reason }.
data-error-empty = the file holds no rows. A CSV with at least one row of values was expected.
data-error-binary = this is not text. A CSV file was expected; save a spreadsheet as CSV first.
data-error-encoding = these bytes are not { $encoding }. Choose another encoding, such as Windows-1252, in the Data panel.
data-error-ragged = { $expected } cells were expected as in the first row, but { $found } were found. Mend the row, or choose another delimiter.
data-error-no-numbers = no column holds numbers. Check the delimiter and the decimal sign.
data-error-not-a-number = a number was expected, but “{ $found }” was found. Mend the cell, or make the column a category.
data-error-too-many-cells = about { $found } cells, but memory should hold at most { $limit }. Load fewer rows or columns.
data-error-too-many-columns = { $found } columns, but at most { $limit } are allowed. Check the delimiter.
data-error-long-row = a row is longer than { $limit } bytes. Check the quote character and the line ends.
data-error-too-many-categories = { $found } or more categories, but at most { $limit } become features. Make the column a number, or ignore it.
data-error-unknown-column = there is no column called “{ $name }”. Choose columns that the file has.
data-error-no-data = { $node } has neither a data file nor typed rows. Load a CSV, or type rows in.
data-error-no-features = { $node } needs at least one feature column. Set a column's role to feature.
data-error-no-targets = { $node } needs at least one target column. Set a column's role to target.
data-error-no-usable-rows = none of the { $rows } rows can be trained on. Fill missing values, ignore columns that lack them, or make the validation part smaller.
data-error-too-few-rows = one window takes { $needed } rows, but there are only { $found }. Use fewer steps or a shorter horizon.
data-error-row-counts = { $node } has { $rows } typed rows and { $other } has { $other-rows }. Give both the same number of rows.
data-error-typed-row-length = row { $row } of { $node } should hold { $expected } numbers, but it holds { $found }.
data-error-uneven-groups = the { $features } features of { $node } cannot be cut into { $steps } equal groups, one for each step. Choose other columns or another number of steps.
data-error-cancelled = loading was cancelled.

data-loading = Reading { $file }
