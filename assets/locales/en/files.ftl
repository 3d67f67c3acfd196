# Files: opening, saving, recovery.
