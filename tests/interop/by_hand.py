"""Runs exported NumPy files and compares them with the numbers that `grad --json` printed.

Each argument is a folder with network.py, names.json and grad.json. Says what disagrees and exits with 1 if
anything does.
"""

import contextlib
import importlib.util
import io
import json
import sys
from pathlib import Path

import numpy as np

TOLERANCE = 1e-9


def load(path):
    spec = importlib.util.spec_from_file_location(f"by_hand_{path.parent.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def differs(place, ours, theirs):
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    if ours.shape != theirs.shape:
        return f"{place}: shape {theirs.shape}, expected {ours.shape}"
    error = float(np.max(np.abs(ours - theirs), initial=0.0))
    allowed = TOLERANCE * max(1.0, float(np.max(np.abs(ours), initial=0.0)))
    return None if error <= allowed else f"{place}: off by {error:.3e}"


def compare(folder):
    text = json.loads((folder / "grad.json").read_text(encoding="utf-8"))
    names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    module = load(folder / "network.py")
    network = module.Network()
    samples = [np.array(values) for values in module.SAMPLES.values()]
    found = [differs("loss", text["loss"], network.forward(*samples))]
    network.backward()
    for parameter in text["parameters"]:
        if parameter["name"] not in names["parameters"]:
            continue  # A column of another one; the gradient check goes over it.
        value, grad = names["parameters"][parameter["name"]]
        is_weight = len(parameter["shape"]) == 2 and parameter["name"].endswith(".weight")
        turned = lambda x: x  # noqa: E731
        # NumPy's course turns weights, a textbook everything else.
        if names["layout"] == ("numpy" if is_weight else "textbook"):
            turned = np.ravel if len(parameter["shape"]) == 1 else np.transpose
        found.append(differs(value, parameter["value"], turned(getattr(network, value))))
        if parameter["grad"] is None:
            if grad in network.parameters.values():
                found.append(f"{grad}: none was expected")
        else:
            found.append(differs(grad, parameter["grad"], turned(getattr(network, grad))))
    if not names["truncated"]:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            agrees = module.gradient_check(network, samples, most=4)
        if not agrees:
            found.append(f"gradient check: {said.getvalue()}")
    return [finding for finding in found if finding is not None]


def main(folders):
    failed = False
    for folder in map(Path, folders):
        try:
            findings = compare(folder)
        except Exception as error:  # noqa: BLE001
            findings = [repr(error)]
        for finding in findings:
            failed = True
            print(f"{folder.name}: {finding}")
    print(f"ran {len(folders)} files")
    return 1 if failed or not folders else 0


if __name__ == "__main__":
    np.seterr(all="ignore")
    sys.exit(main(sys.argv[1:]))
