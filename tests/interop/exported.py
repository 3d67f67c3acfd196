"""Runs exported PyTorch modules on the numbers that `grad --json` printed, and compares.

Each argument is a folder with model.py, weights.safetensors and grad.json. Says what disagrees and
exits with 1 if anything does.
"""

import importlib.util
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

TOLERANCE = {"f32": 1e-5, "f64": 1e-9}
DTYPE = {"f32": torch.float32, "f64": torch.float64}


def load_module(folder):
    spec = importlib.util.spec_from_file_location(f"model_{folder.name}", folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sequence(text, name, is_per_step, dtype):
    """What a data node gave: [N, features], or [N, T, features] where each step has its own."""
    runs = sorted((node for node in text["nodes"] if node["name"] == name), key=lambda node: node["step"])
    values = [torch.tensor(node["output"], dtype=dtype).reshape(node["shape"]) for node in runs]
    if text["steps"] == 1 or not is_per_step:
        return values[0]
    return torch.stack(values, dim=1)


def disagreement(place, ours, theirs, tolerance):
    if (ours is None) != (theirs is None):
        return f"{place}: ours {'none' if ours is None else 'there'}, theirs the other way"
    if ours is None:
        return None
    error = (ours - theirs).abs().max().item() if ours.numel() else 0.0
    if error <= tolerance * max(1.0, ours.abs().max().item() if ours.numel() else 0.0):
        return None
    return f"{place}: off by {error:.3e}"


def compare(folder):
    text = json.loads((folder / "grad.json").read_text(encoding="utf-8"))
    names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    dtype, tolerance = DTYPE[text["precision"]], TOLERANCE[text["precision"]]
    module = load_module(folder)
    network = module.Network().to(dtype)
    network.load_state_dict(load_file(folder / "weights.safetensors"))
    network.eval()
    inputs, targets = (
        [sequence(text, names["nodes"][name], name in names["per_step"], dtype) for name in nodes]
        for nodes in (network.inputs, network.targets)
    )
    loss = network.loss(network(*inputs), *targets)
    if loss.requires_grad:
        loss.backward()
    found = [disagreement("loss", torch.tensor(text["loss"], dtype=dtype), loss.detach(), tolerance)]
    weights = dict(network.named_parameters())
    for parameter in text["parameters"]:
        weight = weights.pop(names["parameters"][parameter["name"]])
        grad = parameter["grad"]
        grad = None if grad is None else torch.tensor(grad, dtype=dtype).reshape(parameter["shape"])
        theirs = weight.grad
        if grad is not None and theirs is None and not grad.any():
            theirs = torch.zeros_like(grad)  # A loss that counts with weight zero.
        found.append(disagreement(parameter["name"], grad, theirs, tolerance))
    found.extend(f"{name}: not in the model" for name in weights)
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
    print(f"ran {len(folders)} modules")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
