# What can go wrong with files.
files-cannot-read = Cannot read { $path }: { $reason }
files-cannot-write = Cannot write { $path }: { $reason }
files-too-large = This file has { $megabytes } MB; { $limit } MB is the largest that is read
files-not-text = This is not a model: line { $line } is not text (UTF-8)
files-syntax = Line { $line }, column { $column }: { $reason }
files-missing-field = Line { $line }, column { $column }: the field { $field } is missing
files-unknown-version = This file has format version { $found }; this program reads up to version { $newest }
files-invalid = { $place }: { $problem }
files-invalid-number = { $found } is not a finite number
files-invalid-count = { $expected } numbers belong here, { $found } are there
files-invalid-shape = the drawing gives the shape { $expected }, the file says { $found }
files-invalid-unknown = { $id } does not exist
files-invalid-duplicate = { $what } appears twice
files-invalid-range = { $found } does not lie between { $low } and { $high }
files-invalid-missing-parameter = the parameter { $name } is missing
files-invalid-unrolled = unrolling the drawing gives { $expected }, the file says { $found }
