"""Reads data as exported projects do, and compares with what `grad --json` printed of Inputs and Targets.

Each argument is a project's folder, with grad.json and names.json beside its files.
"""

import importlib.util
import json
import sys
from pathlib import Path

import torch


def load(folder):
    spec = importlib.util.spec_from_file_location(f"data_{folder.name}", folder / "data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compare(folder):
    text = json.loads((folder / "grad.json").read_text(encoding="utf-8"))
    names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    data = load(folder)
    data.load(None, torch.float64)
    inputs, targets = data.tensors(torch.tensor(text["rows"]), "cpu")
    own = dict(zip(data._state["names"], [None] * 99))
    taken = [name for name in own if not data.NODES[name]["target"]]
    wanted = [name for name in own if data.NODES[name]["target"]]
    for name, value in [*zip(taken, inputs), *zip(wanted, targets)]:
        runs = [node for node in text["nodes"] if node["name"] == names["nodes"][name]]
        runs.sort(key=lambda node: node["step"])
        steps = [torch.tensor(node["output"], dtype=torch.float64).reshape(node["shape"]) for node in runs]
        ours = steps[0] if value.dim() == 2 else torch.stack(steps, dim=1)
        if ours.shape != value.shape:
            yield f"{name}: shape {tuple(value.shape)}, expected {tuple(ours.shape)}"
        elif not torch.allclose(ours, value, rtol=1e-12, atol=1e-12):
            yield f"{name}: off by {(ours - value).abs().max().item():.3e}"


def main(folders):
    failed = False
    for folder in map(Path, folders):
        try:
            findings = list(compare(folder))
        except (Exception, SystemExit) as error:  # noqa: BLE001
            findings = [repr(error)]
        for finding in findings:
            failed = True
            print(f"{folder.name}: {finding}")
    print(f"read {len(folders)} files")
    return 1 if failed or not folders else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
