"""Runs written PyTorch code and compares loss and gradients with the program's: one process for all."""

import json
import math
import sys

import torch

TOLERANCE = 1e-12


def flat(tensor):
    return [float(x) for x in tensor.detach().reshape(-1).tolist()]


def differs(found, wanted):
    if len(found) != len(wanted):
        return f"{len(found)} numbers for {len(wanted)}"
    finite = [abs(x) for x in found + wanted if math.isfinite(x)]
    scale = max([1.0, *finite])
    for idx, (a, b) in enumerate(zip(found, wanted)):
        same = a == b or (math.isnan(a) and math.isnan(b))
        if not same and not abs(a - b) <= TOLERANCE * scale:
            return f"[{idx}]: PyTorch {a!r}, here {b!r}"
    return None


def check(run):
    scope = {}
    lines = run["code"].split("\n")
    backward = [line for line in lines if line.endswith(".backward()")]
    exec("\n".join(line for line in lines if line not in backward), scope)
    roots = [scope[name] for name in run["roots"]]
    loss = sum(root.sum() for root in roots)
    problem = differs(flat(loss), [float(run["loss"])])
    if problem:
        return f"loss {problem}"
    if loss.requires_grad:
        for line in backward:
            exec(line, scope)
    for name, wanted in run["grads"].items():
        grad = scope[name].grad
        if wanted is None:
            # PyTorch sends zeros where a value is flat; here nothing is sent.
            if grad is not None and any(x != 0.0 for x in flat(grad)):
                return f"{name}.grad is {flat(grad)}, here None"
            continue
        if grad is None:
            return f"{name}.grad is None, here {wanted}"
        problem = differs(flat(grad), [float(x) for x in wanted])
        if problem:
            return f"{name}.grad{problem}"
    return None


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        runs = json.load(file)
    failed = 0
    for run in runs:
        try:
            problem = check(run)
        except Exception as error:  # noqa: BLE001 (whatever the written code does wrong is a finding)
            problem = f"{type(error).__name__}: {error}"
        if problem:
            failed += 1
            print(f"{run['text']}\n  {problem}\n{run['code']}\n")
    print(f"{len(runs)} expressions, {failed} differ")
    sys.exit(failed > 0)


main()
