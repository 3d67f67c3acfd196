"""Rebuilds networks in PyTorch from the output of `vastavirta grad --json` alone, and compares every number.

    python rebuild.py FILE.json [FILE.json …]

Each file holds one object. Nothing else is read: inputs and targets are the outputs of the Input and Target
nodes, and the network is wired anew from `network`, step after step. Compared are the loss, each node's
output, gradient and the share it sends over each input, and each parameter's gradient, whole and per step.
Prints one line for each number that disagrees and exits with 1 if there was one.
"""

import json
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

TOLERANCE = {"f64": 1e-10, "f32": 1e-5}

ACTIVATIONS = {
    "identity": lambda z, s: z.clone(),
    "relu": lambda z, s: F.relu(z),
    "leaky_relu": lambda z, s: F.leaky_relu(z, s["negative_slope"]),
    "elu": lambda z, s: F.elu(z, s["alpha"]),
    "gelu": lambda z, s: F.gelu(z),
    "silu": lambda z, s: F.silu(z),
    "softsign": lambda z, s: F.softsign(z),
    "softplus": lambda z, s: F.softplus(z, threshold=800.0),
    "sigmoid": lambda z, s: torch.sigmoid(z),
    "tanh": lambda z, s: torch.tanh(z),
    "softmax": lambda z, s: torch.softmax(z, dim=s.get("dim", -1)),
}


def cross_entropy(p, y, s):
    """Cross-entropy of probabilities; a class that the target leaves out adds nothing."""
    log_p = torch.log(torch.where(y == 0, torch.ones_like(p), p))
    return -(y * log_p).sum() / p.shape[0]


LOSSES = {
    "mse": lambda a, y, s: F.mse_loss(a, y),
    "half_sum_of_squares": lambda a, y, s: 0.5 * ((a - y) ** 2).sum(),
    "mae": lambda a, y, s: F.l1_loss(a, y),
    "huber": lambda a, y, s: F.huber_loss(a, y, delta=s["delta"]),
    "bce": lambda a, y, s: F.binary_cross_entropy(a, y),
    "bce_with_logits": lambda z, y, s: F.binary_cross_entropy_with_logits(z, y),
    "cross_entropy": cross_entropy,
    "cross_entropy_with_logits": lambda z, y, s: F.cross_entropy(z, y),
}

# Functions of one value, and of several, under PyTorch's own names.
FUNCTIONS = {
    name: getattr(torch, name)
    for name in ["neg", "exp", "log", "sqrt", "sin", "cos", "tan", "abs", "maximum", "minimum", "matmul", "sub", "div"]
}
FUNCTIONS |= {"power": torch.pow, "transpose": lambda x: x.mT}

# What is flat almost everywhere, cut or drawn: no gradient goes back through it.
STOPS = {
    "sign": torch.sign,
    "step": lambda x: x > 0,
    "round": torch.round,
    "detach": lambda x: x,
    "gt": torch.gt,
    "ge": torch.ge,
    "lt": torch.lt,
    "eq": torch.eq,
}

REDUCTIONS = {
    "sum": torch.sum,
    "mean": torch.mean,
    "min": lambda x, dim=None, **keep: x.min() if dim is None else x.min(dim, **keep).values,
    "max": lambda x, dim=None, **keep: x.max() if dim is None else x.max(dim, **keep).values,
    "prod": lambda x, dim=None, **keep: x.prod() if dim is None else x.prod(dim, **keep),
    "norm": torch.linalg.vector_norm,
}


def operation(kind, x, s, shape):
    """A free operation on the values that arrive."""
    if kind in FUNCTIONS:
        return FUNCTIONS[kind](*x)
    if kind in STOPS:
        requires_grad = any(value.requires_grad for value in x)
        return STOPS[kind](*[value.detach() for value in x]).to(x[0].dtype).clone().requires_grad_(requires_grad)
    if kind in REDUCTIONS:
        over = {"dim": s["dim"], "keepdim": s["keepdim"]} if "dim" in s else {}
        return REDUCTIONS[kind](x[0], **over).reshape(shape)
    if kind == "pow":
        return x[0] ** s["exponent"]
    if kind == "clamp":
        return x[0].clamp(s["min"], s["max"])
    if kind == "log_softmax":
        return torch.log_softmax(x[0], s.get("dim", -1))
    if kind == "where":
        return torch.where(x[0] != 0, x[1], x[2])
    if kind == "slice":
        return x[0].movedim(s["dim"], 0)[s["start"] : s["end"]].movedim(0, s["dim"])
    if kind == "select":
        return x[0].select(s["dim"], s["index"])
    if kind == "stack":
        return torch.stack(x, s["dim"])
    if kind == "reshape":
        return x[0].reshape(shape)
    raise ValueError(f"unknown kind {kind}")


# An activation fused into its loss: the stable twin of the loss, which takes the activation's input.
FUSED = {("sigmoid", "bce"): "bce_with_logits", ("softmax", "cross_entropy"): "cross_entropy_with_logits"}


def product(values):
    result = values[0]
    for value in values[1:]:
        result = result * value
    return result


def order_within_step(network):
    """Node ids so that every edge without a delay points forward."""
    waiting = {node["id"]: sum(1 for i in node["inputs"] if i["delay"] == 0) for node in network}
    receivers = {node["id"]: [] for node in network}
    for node in network:
        for source in node["inputs"]:
            if source["delay"] == 0:
                receivers[source["from"]].append(node["id"])
    ready = [identity for identity, n in waiting.items() if n == 0]
    order = []
    while ready:
        identity = ready.pop()
        order.append(identity)
        for receiver in receivers[identity]:
            waiting[receiver] -= 1
            if waiting[receiver] == 0:
                ready.append(receiver)
    assert len(order) == len(network), "a cycle without a delay"
    return order


class Rebuilt:
    """One network, unrolled over its steps, run forward and backward by PyTorch."""

    def __init__(self, text):
        self.text = text
        self.steps = text["steps"]
        self.drawn = {node["id"]: node for node in text["network"]}
        self.run = {(node["id"], node["step"]): node for node in text["nodes"]}
        self.values = {}  # (node, step): its output
        self.sent = {}  # (node, step, argument): the value as it arrived over that edge
        self.fused = {}  # (activation, step): its output once more, as the start of the long way
        self.parameters = {
            p["name"]: torch.tensor(p["value"]).reshape(p["shape"]).requires_grad_(p["trainable"])
            for p in text["parameters"]
        }
        self.copies = {}  # (parameter, step): that step's copy
        self.losses = {}  # (loss, step): its value
        for step in range(self.steps):
            for identity in order_within_step(text["network"]):
                self.values[identity, step] = self.forward(self.drawn[identity], step)
        self.total = torch.zeros(())
        self.seeds = {}
        for loss in text["losses"]:
            identity = next(i for i, node in self.drawn.items() if node["name"] == loss["name"])
            share = len(loss["counted_steps"]) if loss["reduction"] == "mean" else 1
            for step in range(self.steps):
                seed = loss["weight"] / share if step in loss["counted_steps"] else 0.0
                self.seeds[identity, step] = seed
                self.total = self.total + seed * self.values[identity, step].sum()
        if self.total.requires_grad:
            self.total.backward()

    def copy(self, name, step):
        """This step's copy of a parameter, which collects this step's share of the gradient."""
        if (name, step) not in self.copies:
            self.copies[name, step] = kept(self.parameters[name].view_as(self.parameters[name]))
        return self.copies[name, step]

    def arriving(self, node, step, argument):
        """What a node receives over one edge, cut where truncation or a target port stops gradients."""
        source = node["inputs"][argument]
        then = step - source["delay"]
        truncate = self.text.get("truncate")
        is_cut = truncate and max(then, 0) // truncate != step // truncate
        if then >= 0:
            value = self.values[source["from"], then]
        else:
            like = self.run[source["from"], 0]["shape"]
            if source["initial"] is None:
                value = torch.zeros(like, requires_grad=True)
            else:
                value = self.copy(source["initial"], step)[step].expand(like)
        if is_cut or node.get("no_grad") or (node["kind"] in LOSSES and argument == 1):
            value = value.detach()
        value = kept(value.view_as(value))
        self.sent[node["id"], step, argument] = value
        return value

    def forward(self, node, step):
        kind, settings, printed = node["kind"], node["settings"], self.run[node["id"], step]
        if kind in ("input", "target"):
            return torch.tensor(printed["output"]).reshape(printed["shape"]).requires_grad_(kind == "input")
        if kind == "tensor":
            name = node["parameters"]["value"]
            if self.parameters[name].requires_grad:
                return kept(self.copy(name, step).view_as(self.parameters[name]))
            return self.parameters[name].clone()
        arriving = [self.arriving(node, step, argument) for argument in range(len(node["inputs"]))]
        if kind == "dense":
            bias = node["parameters"].get("bias")
            weight = self.copy(node["parameters"]["weight"], step)
            bias = self.copy(bias, step) if bias else None
            if node.get("no_grad"):
                weight, bias = weight.detach(), None if bias is None else bias.detach()
            value = F.linear(arriving[0], weight, bias)
        elif kind in ACTIVATIONS:
            value = ACTIVATIONS[kind](arriving[0], settings)
            if printed["fused_into"] is not None:
                self.fused[node["id"], step] = value = value.detach().requires_grad_(value.requires_grad)
        elif kind == "add":
            value = sum(arriving[1:], arriving[0])
        elif kind == "multiply":
            value = product(arriving)
        elif kind == "concat":
            value = torch.cat(arriving, dim=settings.get("dim", -1))
        elif kind == "dropout":
            mask = printed["mask"]
            value = arriving[0].clone()
            if mask is not None:
                value = arriving[0] * torch.tensor(mask).reshape(printed["shape"])
        elif kind in LOSSES:
            value = self.loss(node, step, arriving)
        elif kind in ("bernoulli", "normal"):
            value = torch.tensor(printed["output"]).reshape(printed["shape"])
            value.requires_grad_(arriving[0].requires_grad)
        else:
            value = operation(kind, arriving, settings, printed["shape"])
        return kept(value)

    def loss(self, node, step, arriving):
        prediction, target = arriving
        source = node["inputs"][0]["from"]
        if (source, step) in self.fused:
            stable = FUSED[self.drawn[source]["kind"], node["kind"]]
            return LOSSES[stable](self.sent[source, step, 0], target, node["settings"])
        return LOSSES[node["kind"]](prediction, target, node["settings"])

    def long_way(self, loss, step):
        """The gradient of a fused activation's output, from the loss as it is drawn."""
        node = self.drawn[loss]
        prediction = self.values[node["inputs"][0]["from"], step].detach().requires_grad_()
        target = self.sent[loss, step, 1].detach()
        value = LOSSES[node["kind"]](prediction, target, node["settings"]) * self.seeds[loss, step]
        return torch.autograd.grad(value, prediction)[0]


def kept(value):
    """The value, remembering its gradient where it has one."""
    if value.requires_grad and not value.is_leaf:
        value.retain_grad()
    return value


class Comparison:
    """Compares printed numbers with rebuilt ones and remembers what disagrees."""

    def __init__(self, tolerance):
        self.tolerance = tolerance
        self.compared = 0
        self.findings = []

    def close(self, place, printed, rebuilt):
        self.compared += 1
        if printed is None or rebuilt is None:
            if printed is not None or rebuilt is not None:
                self.findings.append(f"{place}: printed {brief(printed)}, rebuilt {brief(rebuilt)}")
            return
        printed = torch.tensor(printed, dtype=torch.float64)
        if printed.shape != rebuilt.shape:
            self.findings.append(f"{place}: shape {list(printed.shape)}, rebuilt {list(rebuilt.shape)}")
            return
        if printed.numel() == 0:
            return
        error = (printed - rebuilt).abs().max().item()
        if not error <= self.tolerance * max(1.0, rebuilt.abs().max().item()):
            self.findings.append(f"{place}: off by {error:.3e}")

    def true(self, place, holds):
        self.compared += 1
        if not holds:
            self.findings.append(place)


def brief(value):
    return "none" if value is None else "numbers"


def compare(text):
    """All disagreements between one printed run and its rebuilt twin, and how much was compared."""
    twin = Rebuilt(text)
    check = Comparison(TOLERANCE[text["precision"]])
    check.close("loss", text["loss"], twin.total.detach())
    for loss in text["losses"]:
        identity = next(i for i, node in twin.drawn.items() if node["name"] == loss["name"])
        counted = [twin.values[identity, step].detach().sum() for step in loss["counted_steps"]]
        value = sum(counted) / (len(counted) if loss["reduction"] == "mean" else 1)
        check.close(f"losses {loss['name']}", loss["value"], value)
    check.true("every node at every step", len(twin.run) == len(twin.drawn) * twin.steps == len(text["nodes"]))
    for (identity, step), printed in twin.run.items():
        compare_node(check, twin, identity, step, printed)
    for parameter in text["parameters"]:
        compare_parameter(check, twin, parameter)
    return check


def compare_node(check, twin, identity, step, printed):
    drawn = twin.drawn[identity]
    place = f"{printed['name']} at step {step}"
    value = twin.values[identity, step]
    check.true(f"{place}: name and kind", (printed["name"], printed["kind"]) == (drawn["name"], drawn["kind"]))
    check.true(f"{place}: shape", list(value.shape) == printed["shape"])
    check.close(f"{place}: output", printed["output"], value.detach())

    fused_loss = printed["fused_into"] if (identity, step) in twin.fused else None
    if fused_loss is not None:
        if printed["grad"] is not None:  # Left out only where the long way is not finite.
            check.close(f"{place}: grad, the long way", printed["grad"], twin.long_way(fused_loss, step))
        else:
            check.true(f"{place}: grad is missing", not twin.long_way(fused_loss, step).isfinite().all())
    else:
        check.close(f"{place}: grad", printed["grad"], gradient(value))

    for argument in range(len(drawn["inputs"])):
        source = drawn["inputs"][argument]
        share = f"{place}: grad_inputs[{argument}]"
        found = printed["grad_inputs"][argument]
        if (source["from"], step) in twin.fused and drawn["kind"] in LOSSES and argument == 0:
            if found is not None:
                check.close(share, found, twin.long_way(identity, step))
        elif step < source["delay"] and source["initial"] is None and found is None:
            pass  # Zeros before time began need no gradient.
        else:
            check.close(share, found, gradient(twin.sent[identity, step, argument]))


def compare_parameter(check, twin, parameter):
    name = parameter["name"]
    check.close(f"{name}: grad", parameter["grad"], gradient(twin.parameters[name]))
    shares = parameter["grad_steps"]
    if shares is None:
        check.true(f"{name}: grad_steps is missing", twin.steps == 1 or parameter["grad"] is None)
        return
    check.true(f"{name}: one share a step", len(shares) == twin.steps)
    for step, share in enumerate(shares):
        copy = twin.copies.get((name, step))
        rebuilt = None if copy is None else gradient(copy)
        if rebuilt is None and share is not None:
            rebuilt = torch.zeros(parameter["shape"])
        check.close(f"{name}: grad_steps[{step}]", share, rebuilt)


def gradient(value):
    """The gradient that backward left, or none where nothing arrived."""
    return value.grad if value.requires_grad else None


def main(paths):
    failed = False
    compared = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            check = compare(json.load(file))
        compared += check.compared
        for finding in check.findings:
            failed = True
            print(f"{path}: {finding}")
    print(f"rebuilt {len(paths)} networks, compared {compared} tensors")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
