"""Runs the NumPy lines of passes that Vastavirta printed, and compares every result with its numbers.

python run_lines.py PASSES.json: a list of {"name", "prelude", "n", "givens", "lines", "expected"}; tensors are
{"shape": [...], "data": [...]}.
"""

import json
import sys

import numpy as np


def tensor(stored):
    numbers = [float("nan") if number is None else number for number in stored["data"]]
    return np.array(numbers, dtype=float).reshape(stored["shape"])


def check(run):
    scope = {}
    exec(run["prelude"], scope)
    scope["N"] = run["n"]
    for name, stored in run["givens"].items():
        scope[name] = tensor(stored)
    for line in run["lines"]:
        try:
            with np.errstate(all="ignore"):
                exec(line, scope)
        except Exception as error:
            return f"{run['name']}: {line}: {error}"
    for name, stored in run["expected"].items():
        expected = tensor(stored)
        found = np.asarray(scope[name], dtype=float)
        if found.shape != expected.shape:
            return f"{run['name']}: {name} has shape {found.shape}, expected {expected.shape}"
        largest = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
        difference = float(np.max(np.abs(found - expected), initial=0.0))
        if not difference <= 1e-12 * largest:
            return f"{run['name']}: {name} differs by {difference}"
    return None


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        runs = json.load(file)
    wrong = [complaint for complaint in map(check, runs) if complaint]
    for complaint in wrong:
        print(complaint)
    print(f"{len(runs)} passes, {len(wrong)} wrong")
    sys.exit(1 if wrong or not runs else 0)


if __name__ == "__main__":
    main()
