# What can go wrong with files.
files-not-found = there is no such file. Check the path.
files-no-folder = there is no folder { $folder }. Check the path, or make the folder first.
files-not-readable = reading it is not permitted. Change its permissions, or copy it to a folder of your own.
files-not-writable = writing there is not permitted. Choose a folder of your own.
files-read-folder = this is a folder, not a file. Choose a model (.ron) inside it.
files-write-folder = this is a folder, not a file. Give the name of a file inside it.
files-write-no-file = a device or a pipe stands there, and it is not replaced by a file. Choose another name.
files-write-hard-linked = the file has { $names } names (hard links), and saving would part them: the others would keep the old contents. Choose another name, or remove the other links.
files-write-read-only = the file is write-protected. Choose another name, or allow writing to it.
files-io = the system says “{ $reason }”. Check the disk and the path.
files-too-large = it has { $megabytes } MB, but a model has at most { $limit } MB. Choose a model (.ron).
files-not-a-file = this is a device or a pipe, not a plain file. Choose a model (.ron).
files-byte-order-mark = it begins with a byte order mark (BOM) of { $encoding }, but a model is UTF-8 without such a mark. Save it again as “UTF-8 without BOM”.
files-open-quote = line { $line }: a quote (") opens here that is not closed, or is closed only by a later one. Close it on its own line.
files-not-text = line { $line } is not text (UTF-8), but a model is a text file (.ron). Choose another file.
files-syntax = line { $line }, column { $column }: “{ $reason }”. A model as this program writes it was expected; the file may be cut off or changed by hand. Open an older copy of it.
files-missing-field = line { $line }, column { $column }: the field “{ $field }” was expected before this place, but it is missing. The file may be cut off or changed by hand. Open an older copy of it.
files-unknown-version = it has format version { $found }, but this program reads up to version { $newest }. Open it with a newer version of this program.
files-unrolled-too-large = { $nodes } nodes, about { $megabytes } MB: that is the network unrolled over { $steps } steps, too large to be saved. With { $fewer ->
    [one] one step it fits
   *[other] { $fewer } steps it fits
 }.
files-not-finite = { $place } is not a finite number
files-invalid = { $place }: { $problem }. The file may have been changed by hand; mend this place.
files-invalid-number = { $found } is not a finite number
files-invalid-count = { $expected ->
    [one] one number belongs
   *[other] { $expected } numbers belong
 } here, { $found ->
    [one] one is there
   *[other] { $found } are there
 }
files-invalid-shape = the drawing gives the shape { $expected }, the file says { $found }
files-invalid-long-name = a name of { $found } characters stands here, but at most { $limit } are allowed
files-invalid-unknown = { $id } does not exist
files-invalid-duplicate = { $what } appears twice
files-invalid-range = { $found } does not lie between { $low } and { $high }
files-invalid-word = “{ $found }” is not known; expected was: { $expected }
files-invalid-encoding = no text encoding is called “{ $found }”; such as UTF-8, windows-1252 or Shift_JIS was expected
files-invalid-missing-parameter = the parameter { $name } is missing
files-invalid-unrolled = unrolling the drawing gives { $expected }, the file says { $found }

files-open-title = Open a model
files-save-title = Save the model as
files-data-title = Load a CSV file
files-copy-title = Save a copy
files-copy-saved = Saved { $path }.
files-path = Path of the file
files-browse = Browse …
files-browsing = The system's file dialog is open.
files-open = Open
files-save = Save
files-saved-as = It is saved as { $file }.
files-replace-title = Replace this file?
files-replace-model = { $path } is there already. The model in it would be lost.
files-replace-other = { $path } is there already, and it is no model. What it holds would be lost.
files-replace-copy = { $path } is there already. What it holds would be lost.
files-replace-changed = Somebody else has changed { $path } since you opened or saved it. That change would be lost.
files-replace = Replace it
files-other-name = Choose another name
files-cancel = Cancel
files-discard = Discard the changes
files-recent = Recent
files-examples = Examples
files-kind-models = Vastavirta models
files-kind-data = Data tables
files-kind-all = All files
files-unsaved-title = Save the changes first?
files-unsaved-body = The network has unsaved changes.
files-recover-title = Recover unsaved work?
files-recover-body = The program ended before the work on { $name } was saved.
files-recover = Recover
files-discard-recovery = Throw it away
files-fewer-steps-title = Save with fewer time steps?
files-save-fewer-steps = Set fewer steps and save
files-missing-title = Where is the data?
files-missing-body = The model learns from { $path }, which is not there.
files-find-data = Choose the file …
files-without-data = Go on without data
files-changed-title = Use the changed data?
files-use-changed = Use it as it is now
files-dismiss = Dismiss
files-dismiss-all = Dismiss all ({ $n })
files-untitled = Untitled

files-opening = Opening the model
files-saving = Saving { $file }
files-cannot-open = { $file } cannot be opened: { $reason }
files-cannot-save = { $file } cannot be saved: { $reason }
files-cannot-autosave = Unsaved work cannot be kept for recovery: { $reason }
files-no-autosave-folder = Unsaved work will not be kept for recovery, because the folder { $path } cannot be used: { $reason } Save often.
files-no-autosave-slot = Unsaved work will not be kept for recovery, because all places in { $path } are taken. Close other windows of this program, or delete the old work there.
files-cannot-recover = Unsaved work of an earlier run cannot be recovered: { $reason } What is left of it stays in { $path }
files-job-lost = The work in the background failed. This is a fault of the program: save your work, and start the program again.
files-stop = Stop
files-try-again = Try again
files-folder-not-empty = The folder is not empty; name another one, or empty it first
