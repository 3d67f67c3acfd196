"""Runs the train.py of exported projects and compares the losses of every epoch.

Each argument is a folder with a project and runs.json: a list of [arguments, losses], the losses a list
for each epoch as `vastavirta train --json` printed them, or null where the program only has to run. Says
what disagrees and exits with 1 if anything does.
"""

import contextlib
import io
import json
import os
import re
import runpy
import sys
from pathlib import Path

TOLERANCE = 1e-4


def train(folder, arguments):
    """What train.py prints, run as a program in its folder."""
    for name in ("data", "model"):
        sys.modules.pop(name, None)
    said = io.StringIO()
    os.chdir(folder)
    sys.argv = ["train.py", *arguments]
    sys.path.insert(0, str(folder))
    try:
        with contextlib.redirect_stdout(said):
            runpy.run_path(str(folder / "train.py"), run_name="__main__")
    finally:
        sys.path.remove(str(folder))
    return said.getvalue()


def losses(said):
    """The losses of every epoch, those of the two parts."""
    epochs = [line for line in said.splitlines() if line.startswith("epoch ")]
    return [[float(x) for x in re.findall(r"(?:train|val)_loss (\S+)", line)] for line in epochs]


def differs(found, expected):
    if [len(epoch) for epoch in found] != [len(epoch) for epoch in expected]:
        return f"{found} has not the epochs of {expected}"
    for number, (ours, theirs) in enumerate(zip(expected, found), 1):
        for a, b in zip(ours, theirs):
            if not abs(a - b) <= TOLERANCE * abs(a):
                return f"epoch {number}: {b} is not {a}"
    return None


def main(folders):
    failed, n_runs = False, 0
    for folder in (Path(folder).resolve() for folder in folders):
        for arguments, expected in json.loads((folder / "runs.json").read_text(encoding="utf-8")):
            n_runs += 1
            try:
                found = losses(train(folder, arguments))
                error = None if found else "no epoch"
                if expected is not None:
                    error = differs(found, expected)
            except (Exception, SystemExit) as problem:  # noqa: BLE001
                error = repr(problem)
            if error is not None:
                failed = True
                print(f"{folder} {arguments}: {error}")
    print(f"compared {n_runs} runs")
    return 1 if failed or n_runs == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
