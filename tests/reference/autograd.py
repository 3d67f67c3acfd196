"""The recipes of what PyTorch's autograd does beside numbers of one pass, for `recipes.py`: PyTorch in float64."""

import torch

torch.set_default_dtype(torch.float64)


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


# Every operation in the program's own syntax, on x and y of these values; z where there is a third.
X = [[0.5, 1.0, 1.5], [2.0, 0.25, 0.75]]
Y = [[1.25, 0.5, 0.75], [0.25, 1.5, 2.0]]
OF_ONE = """-x|exp(x)|log(x)|sqrt(x)|x**2|sin(x)|cos(x)|tan(x)|abs(x)|sign(x)|step(x)|round(x)|clamp(x, 0.5, 1)
log_softmax(x)|x.detach()|bernoulli(x / 4)|normal(x, 1)|x.mT|x[:, 0:2]|x[:, 1]|x.reshape(3, 2)|x.mT.reshape(2, 3)
sum(x)|sum(x, dim=0)|mean(x)|mean(x, dim=0)|min(x)|min(x, dim=0)|max(x)|max(x, dim=0)|prod(x)|prod(x, dim=0)
norm(x)|norm(x, dim=0)|sum(x, dim=0, keepdim=True)|max(x, dim=1, keepdim=True)
relu(x)|leaky_relu(x)|elu(x)|gelu(x)|silu(x)|softplus(x)|sigmoid(x)|tanh(x)|softsign(x)|softmax(x)"""
OF_TWO = """x + y|x - y|x * y|x / y|x ** y|maximum(x, y)|minimum(x, y)|x > y|x >= y|x < y|x == y|where(x, y, 2)
cat([x, y], dim=-1)|stack([x, y], dim=0)"""
PRODUCTS = [([3], [3]), ([2, 3], [3, 2]), ([2, 3], [3]), ([2], [2, 3]), ([4, 2, 3], [4, 3, 2]), ([4, 2, 3], [3, 2])]
PRODUCTS += [([4, 2, 3], [3]), ([2, 3], [4, 3, 2]), ([3], [4, 3, 2])]

NAMES = {name: getattr(torch, name) for name in """exp log sqrt sin cos tan abs sign round clamp bernoulli mean sum
prod maximum minimum cat stack sigmoid tanh""".split()}
NAMES |= {name: getattr(torch.nn.functional, name) for name in """relu leaky_relu elu gelu silu softplus
softsign""".split()}
NAMES |= {
    "step": lambda x: (x.detach() > 0).to(x.dtype),
    "log_softmax": lambda x: torch.log_softmax(x, dim=-1),
    "softmax": lambda x: torch.softmax(x, dim=-1),
    "bernoulli": lambda x: torch.bernoulli(x.detach()),
    "normal": lambda x, std: torch.normal(x.detach(), std),
    "norm": lambda x, **over: torch.linalg.vector_norm(x, **over),
    "min": lambda x, **over: torch.min(x, **over).values if over else torch.min(x),
    "max": lambda x, **over: torch.max(x, **over).values if over else torch.max(x),
    "where": lambda x, y, z: torch.where(x != 0, y, torch.tensor(float(z))),
}


def kept(value):
    """What PyTorch keeps of a tensor: its function, and the tensors that this saved."""
    if value.dtype == torch.bool:
        value = value.to(torch.get_default_dtype())
    function = value.grad_fn
    saved = {}
    for name in dir(function):
        if name.startswith("_saved_") and isinstance(getattr(function, name), torch.Tensor):
            saved[name.removeprefix("_saved_")] = list(getattr(function, name).shape)
    name = None if function is None else type(function).__name__
    return {"requires_grad": value.requires_grad, "is_leaf": value.is_leaf, "grad_fn": name, "saved": saved}


def functions():
    """For every operation: `requires_grad`, `is_leaf`, `grad_fn`, and what was saved, for each input that
    requires a gradient in turn, and for both."""
    torch.manual_seed(1)
    runs = []

    def run(text, x, y, masks):
        for mask in masks:
            inputs = [torch.tensor(value, requires_grad=on) for value, on in zip((x, y), mask)]
            value = eval(text, dict(NAMES), dict(zip("xy", inputs)))
            runs.append({"text": text, "x": x, "y": y, "requires_grad_of": mask} | kept(value))

    both = [[True, True], [True, False], [False, True], [False, False]]
    for text in OF_ONE.replace("\n", "|").split("|"):
        run(text, X, Y, [[True, False]])
    for text in OF_TWO.replace("\n", "|").split("|"):
        run(text, X, Y, both)
    run("x * y", X, Y[0], both)
    run("x * y * x", X, Y, [[True, False], [False, True]])
    for a, b in PRODUCTS:
        run("x @ y", torch.ones(a).tolist(), torch.ones(b).tolist(), both)

    F = torch.nn.functional
    rows, target = torch.tensor(X), torch.tensor(Y)
    weight, bias = torch.ones(2, 3, requires_grad=True), torch.ones(2, requires_grad=True)
    p = torch.softmax(rows, -1).requires_grad_()
    nodes = {
        "dense": F.linear(rows, weight, bias),
        "dense_without_bias": F.linear(rows, weight),
        "dropout": F.dropout(p, 0.5),
        "mse": F.mse_loss(p, target),
        "half_sum_of_squares": 0.5 * F.mse_loss(p, target, reduction="sum"),
        "mae": F.l1_loss(p, target),
        "huber": F.huber_loss(p, target),
        "bce": F.binary_cross_entropy(p, torch.softmax(target, -1)),
        "bce_with_logits": F.binary_cross_entropy_with_logits(p, target),
        "cross_entropy": -(target * torch.log(p)).sum() / len(p),
        "cross_entropy_with_logits": F.cross_entropy(p, target),
    }
    return {"what": functions.__doc__, "runs": runs, "nodes": {name: kept(value) for name, value in nodes.items()}}


def accumulation():
    """`.grad` of x after each call, of f = sum(x**2 * y) with y = [1, -1]: two backward() without zero_grad()
    between them, then zero_grad() and one more, with h = x**2 retaining its gradient."""
    x = torch.tensor([1.5, -2.0], requires_grad=True)
    y = torch.tensor([1.0, -1.0])

    def forward():
        h = x**2
        h.retain_grad()
        return h, (h * y).sum()

    steps = []
    h, f = forward()
    steps.append({"call": "before", "x": None, "h": None})
    for _ in range(2):
        f.backward(retain_graph=True)
        steps.append({"call": "backward", "x": x.grad.tolist(), "h": h.grad.tolist()})
    h, f = forward()
    f.backward()
    steps.append({"call": "forward, backward", "x": x.grad.tolist(), "h": h.grad.tolist()})
    try:
        f.backward()
    except RuntimeError as error:
        steps.append({"call": "refused", "said": str(error).split("(")[0].strip()})
    x.grad = None
    h, f = forward()
    f.backward()
    steps.append({"call": "zero_grad, forward, backward", "x": x.grad.tolist(), "h": h.grad.tolist()})
    # A graph that saved nothing is gone through again and again.
    z = torch.tensor(1.0, requires_grad=True)
    g = z + z
    g.backward()
    g.backward()
    return {"what": accumulation.__doc__, "steps": steps, "sum_twice": z.grad.item()}


def descent_paths():
    """Ten steps of four optimizers from (2, 1) down f = x**2 + 3*y**2, all with learning rate 0.1."""
    optimizers = {
        "SGD": lambda p: torch.optim.SGD(p, lr=0.1),
        "SGD, momentum 0.9": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        "RMSprop": lambda p: torch.optim.RMSprop(p, lr=0.1),
        "Adam": lambda p: torch.optim.Adam(p, lr=0.1),
    }
    paths = {}
    for name, make in optimizers.items():
        x, y = torch.tensor(2.0, requires_grad=True), torch.tensor(1.0, requires_grad=True)
        optimizer = make([x, y])
        path = []
        for _ in range(11):
            optimizer.zero_grad()
            f = x**2 + 3 * y**2
            f.backward()
            path.append({"at": [x.item(), y.item()], "f": f.item(), "gradient": [x.grad.item(), y.grad.item()]})
            optimizer.step()
        paths[name] = path
    return {"what": descent_paths.__doc__, "paths": paths}


# What goes over an axis, in the program's own syntax, and what computes it.
OVER_AXES = {
    "softmax": lambda x, y, dim: torch.softmax(x * y, dim),
    "log_softmax": lambda x, y, dim: torch.log_softmax(x - y, dim),
    "cat": lambda x, y, dim: torch.cat([x, y * y, x], dim),
}
AXES_SHAPES = [[5], [2, 3], [2, 3, 4]]


def axes():
    """softmax, log_softmax and cat over every axis of x and y: the values, and the gradients of the root
    sum(sin(g) * g), g being the values. x holds sin(i), y cos(2 i) of its i-th number."""
    cases = []
    for shape in AXES_SHAPES:
        n = torch.Size(shape).numel()
        for name, function in OVER_AXES.items():
            for dim in range(-len(shape), len(shape)):
                x = torch.sin(torch.arange(n, dtype=torch.float64)).reshape(shape).requires_grad_()
                y = torch.cos(2 * torch.arange(n, dtype=torch.float64)).reshape(shape).requires_grad_()
                g = function(x, y, dim)
                (torch.sin(g) * g).sum().backward()
                case = {"function": name, "dim": dim, "shape": shape, "sizes": list(g.shape)}
                numbers = {"value": g, "x": x.grad, "y": y.grad}
                cases.append(case | {key: value.flatten().tolist() for key, value in numbers.items()})
    return {"what": axes.__doc__, "cases": cases}


RECIPES = {
    "axes": axes,
    "vector_roots": vector_roots,
    "autograd_functions": functions,
    "autograd_accumulation": accumulation,
    "descent_paths": descent_paths,
}
