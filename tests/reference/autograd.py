"""The recipes of what PyTorch's autograd does beside numbers of one pass: PyTorch in float64.

    python tests/reference/autograd.py            computes every file anew and compares (1e-12)
    python tests/reference/autograd.py --write    computes every file anew and writes it
"""

import json
import pathlib
import sys

import torch

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent


def vector_roots():
    """`f.backward(v)` of roots that are no scalars: a vector, a matrix, and rows of a batch."""
    cases = {}
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
    v = torch.tensor([0.1, 1.0, -2.0])
    f = x**2 * y
    f.backward(v)
    cases["vector"] = {
        "v": v.tolist(),
        "value": (v @ f).item(),
        "gradients": {"x": x.grad.tolist(), "y": y.grad.tolist()},
    }
    a = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    b = torch.tensor([[0.5, -1.0], [2.0, 0.25]], requires_grad=True)
    v = torch.tensor([[1.0, 0.5], [-1.0, 2.0]])
    f = torch.sin(a @ b)
    f.backward(v)
    cases["matrix"] = {
        "v": v.tolist(),
        "value": (v * f).sum().item(),
        "gradients": {"a": a.grad.tolist(), "b": b.grad.tolist()},
    }
    rows = torch.tensor([[1.0, 2.0, 3.0], [-1.0, 0.5, 2.0]])
    weight = torch.tensor([[0.1, 0.2, 0.3], [-0.4, 0.5, 0.6]], requires_grad=True)
    bias = torch.tensor([0.1, -0.2], requires_grad=True)
    v = torch.tensor([3.0, -0.5])
    f = torch.tanh(rows @ weight.T + bias)
    f.backward(v.expand_as(f))
    cases["batch"] = {
        "v": v.tolist(),
        "value": (v * f).sum().item(),
        "gradients": {"weight": weight.grad.tolist(), "bias": bias.grad.tolist()},
    }
    return {"what": vector_roots.__doc__, "cases": cases}


RECIPES = {"vector_roots": vector_roots}


def differs(a, b):
    """Whether two parts of a file differ by more than rounding."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() != b.keys() or any(differs(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) != len(b) or any(map(differs, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) > 1e-12 * max(1.0, abs(a))
    return a != b


def main():
    failed = []
    for name, recipe in RECIPES.items():
        path = HERE / f"{name}.json"
        computed = recipe()
        if "--write" in sys.argv[1:]:
            path.write_text(json.dumps(computed, indent=1) + "\n")
        elif differs(json.loads(path.read_text()), json.loads(json.dumps(computed))):
            failed.append(name)
    if failed:
        sys.exit("not as PyTorch computes it: " + ", ".join(failed))


main()
