"""The recipes of the reference values beside this file: PyTorch in float64, one function a file.

    python tests/reference/recipes.py            computes every file anew and compares (1e-12)
    python tests/reference/recipes.py --write    computes every file anew and writes it

Parameters, inputs and targets stand in the files themselves (drawn once, or taken from the examples that
`what` names); a recipe computes all the rest from them. `values` are what the recipe gives by name,
`value_gradients` their gradients after `loss.backward()`, `gradients` and `input_gradients` those of the leaves.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

import autograd

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent


def tensor(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


# --- one activation or one loss -------------------------------------------------------------------------------

ACTIVATIONS = {
    "elu_1": F.elu,
    "gelu_exact": F.gelu,
    "identity": lambda z: z * 1.0,
    "leaky_relu_0.01": lambda z: F.leaky_relu(z, 0.01),
    "relu": F.relu,
    "sigmoid": torch.sigmoid,
    "silu": F.silu,
    "softmax": lambda z: torch.softmax(z, dim=-1),
    "softplus": F.softplus,
    "tanh": torch.tanh,
}


def activation(name):
    def recipe(p, x, t):
        a = ACTIVATIONS[name](p["z"])
        return {"a": a, "loss": (tensor([1, -2, 3, 0.5, -1.5, 2.5]) * a).sum()}

    return recipe


LOSSES = {
    "half_sum_of_squares": lambda y, t: 0.5 * ((y - t) ** 2).sum(),
    "huber_delta1": lambda y, t: F.huber_loss(y, t, delta=1.0),
    "mae": F.l1_loss,
    "mse": F.mse_loss,
}


def loss_alone(name):
    return lambda p, x, t: {"loss": LOSSES[name](p["y"], t)}


# --- feed-forward networks ------------------------------------------------------------------------------------


def head_of(p, x):
    """Scaled dot-product attention of one head."""
    q, k, v = (x @ p[name] for name in ("Wq", "Wk", "Wv"))
    a = torch.softmax(q @ k.mT / q.shape[-1] ** 0.5, dim=-1)
    return {"q": q, "k": k, "v": v, "a": a, "head": a @ v}


def attention_head(p, x, t):
    values = head_of(p, x["x"])
    return values | {"loss": ((values["head"] - t) ** 2).mean()}


def attention_pattern(p, x, t):
    values = head_of(p, x["x"])
    return values | {"loss": 0.5 * ((values["head"] - t) ** 2).sum()}


def bce_2_3_1(p, x, t):
    z1 = F.linear(x["x"], p["W1"], p["b1"])
    a1 = torch.sigmoid(z1)
    z2 = F.linear(a1, p["W2"], p["b2"])
    a2 = torch.sigmoid(z2)
    return {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "loss": F.binary_cross_entropy(a2, t)}


def bce_sigmoid_extreme(p, x, t):
    return {"loss": F.binary_cross_entropy_with_logits(p["z"], t)}


def cross_entropy_extreme(p, x, t):
    return {"loss": F.cross_entropy(p["z"], t.long())}


def conv_pool_dense(p, x, t):
    conv = F.conv2d(x["x"], p["Wc"], p["bc"])
    relu = F.relu(conv)
    pool = F.max_pool2d(relu, 2)
    flat = pool.flatten(1)
    z = F.linear(flat, p["W"], p["b"])
    values = {"conv": conv, "relu": relu, "pool": pool, "flat": flat, "z": z}
    return values | {"loss": F.cross_entropy(z, t.long())}


def dag_add_concat(p, x, t):
    h1 = torch.tanh(F.linear(x["x"], p["W1"], p["b1"]))
    h2 = F.relu(F.linear(h1, p["W2"], p["b2"]))
    total = h1 + h2
    concat = torch.cat([total, x["x"]], dim=1)
    y = F.linear(concat, p["W3"], p["b3"])
    return {"h1": h1, "h2": h2, "sum": total, "concat": concat, "y": y, "loss": F.mse_loss(y, t)}


def grad_w_2x3(p, x, t):
    z1 = F.linear(x["x"], p["W1"], p["b1"])
    h = torch.sigmoid(z1)
    y = F.linear(h, p["W2"], p["b2"])
    return {"z1": z1, "h": h, "y": y, "loss": F.mse_loss(y, t)}


def sigmoid_pair(p, x, t):
    """Two sigmoid layers with biases where there are any, half the sum of squares."""
    z1 = F.linear(x["x"], p["W1"], p.get("b1"))
    a1 = torch.sigmoid(z1)
    z2 = F.linear(a1, p["W2"], p.get("b2"))
    a2 = torch.sigmoid(z2)
    return {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "loss": 0.5 * ((a2 - t) ** 2).sum()}


def mean_of_squares(p, x, t):
    y = p["x"] ** 2
    return {"y": y, "loss": y.mean()}


def operation_chain(p, x, t):
    a = p["x"] ** 3
    b = p["y"] ** 2
    c = a * b
    d = torch.abs(torch.sin(c / b))
    e = torch.sqrt(d / p["z"])
    return {"a": a, "b": b, "c": c, "d": d, "e": e, "loss": e.mean()}


def softmax_cross_entropy(p, x, t):
    z1 = F.linear(x["x"], p["W1"], p["b1"])
    a1 = F.relu(z1)
    z2 = F.linear(a1, p["W2"], p["b2"])
    return {"z1": z1, "a1": a1, "z2": z2, "p": torch.softmax(z2, 1), "loss": F.cross_entropy(z2, t.long())}


def two_losses(p, x, t):
    h = torch.tanh(F.linear(x["x"], p["W1"], p["b1"]))
    za = F.linear(h, p["Wa"], p["ba"])
    yb = F.linear(h, p["Wb"], p["bb"])
    loss_a = F.cross_entropy(za, torch.tensor([0, 1, 1]))
    loss_b = F.mse_loss(yb, t)
    return {"h": h, "za": za, "yb": yb, "loss_a": loss_a, "loss_b": loss_b, "loss": loss_a + 0.5 * loss_b}


def x2_plus_3y2(p, x, t):
    return {"loss": p["x"] ** 2 + 3 * p["y"] ** 2}


# --- through time ---------------------------------------------------------------------------------------------


def elman(p, x, t, from_one=False, every_step=False, cut_before=None):
    """h_t = tanh(Wxh x_t + Whh h_(t-1) + bh), y = Why h + by, mean squared error."""
    n, steps, _ = x["x"].shape
    h = p["h0"].expand(n, -1) if "h0" in p else torch.zeros(n, p["Whh"].shape[0])
    values, outputs = {}, []
    for step in range(steps):
        if step == cut_before:
            h = h.detach()
        h = torch.tanh(F.linear(x["x"][:, step], p["Wxh"], p["bh"]) + F.linear(h, p["Whh"]))
        y = F.linear(h, p["Why"], p["by"])
        values[f"h{step + from_one}"] = h
        if not from_one:
            values[f"y{step}"] = y
        outputs.append(y)
    if from_one:
        values["y"] = outputs[-1]
    prediction = torch.stack(outputs, 1) if every_step else outputs[-1]
    return values | {"loss": F.mse_loss(prediction, t)}


def gated(kind, every_step):
    """`torch.nn.LSTM` or `torch.nn.GRU`, then a Linear on its state; batch first, one layer."""

    def recipe(p, x, t):
        n, steps, _ = x["x"].shape
        hidden = p["weight_hh"].shape[1]
        values, outputs = {}, []
        cell = {"lstm": torch.lstm_cell, "gru": torch.gru_cell}[kind]
        h = p["h_initial"].expand(n, -1) if "h_initial" in p else torch.zeros(n, hidden)
        c = p["c_initial"].expand(n, -1) if "c_initial" in p else torch.zeros(n, hidden)
        weights = [p[name] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        for step in range(steps):
            if kind == "lstm":
                h, c = cell(x["x"][:, step], [h, c], *weights)
                values |= {f"h{step}": h, f"c{step}": c}
            else:
                h = cell(x["x"][:, step], h, *weights)
                values |= {f"h{step}": h}
            y = F.linear(h, p["Wy"], p["by"])
            if every_step or step == steps - 1:
                values |= {f"y{step}": y}
            outputs.append(y)
        prediction = torch.stack(outputs, 1) if every_step else outputs[-1]
        return values | {"loss": F.mse_loss(prediction, t)}

    return recipe


RECIPES = {
    "attention_head": attention_head,
    "attention_pattern": attention_pattern,
    "bce_2_3_1_batch": bce_2_3_1,
    "bce_2_3_1_one_sample": bce_2_3_1,
    "bce_sigmoid_extreme": bce_sigmoid_extreme,
    "conv_pool_dense": conv_pool_dense,
    "cross_entropy_extreme": cross_entropy_extreme,
    "dag_add_concat": dag_add_concat,
    "grad_w_2x3": grad_w_2x3,
    "gru_every_step_trained_initial_state": gated("gru", True),
    "gru_last_step": gated("gru", False),
    "lstm_every_step_trained_initial_state": gated("lstm", True),
    "lstm_last_step": gated("lstm", False),
    "mazur_2_2_2": sigmoid_pair,
    "mean_of_squares": mean_of_squares,
    "mse_sigmoid_bias_trick": sigmoid_pair,
    "operation_chain": operation_chain,
    "rnn_2_3_1_t5": lambda p, x, t: elman(p, x, t, from_one=True),
    "rnn_loss_every_step": lambda p, x, t: elman(p, x, t, every_step=True),
    "rnn_scalar_t3": lambda p, x, t: elman(p, x, t, from_one=True),
    "rnn_trained_initial_state": elman,
    "rnn_truncated_k2": lambda p, x, t: elman(p, x, t, cut_before=2),
    "softmax_cross_entropy": softmax_cross_entropy,
    "two_losses": two_losses,
    "x2_plus_3y2": x2_plus_3y2,
}
RECIPES |= {f"activation_{name}": activation(name) for name in ACTIVATIONS}
RECIPES |= {f"loss_{name}": loss_alone(name) for name in LOSSES}


def computed(name, old):
    """The file's numbers from its parameters, inputs and targets."""
    leaves = {key: tensor(value).requires_grad_() for key, value in old["parameters"].items()}
    inputs = {key: tensor(value).requires_grad_() for key, value in old["inputs"].items()}
    targets = None if old["targets"] is None else tensor(old["targets"])
    values = RECIPES[name](leaves, inputs, targets)
    for value in values.values():
        if value.requires_grad:
            value.retain_grad()
    values["loss"].backward()
    new = {
        "values": {key: values[key].tolist() for key in old["values"]},
        "value_gradients": {key: values[key].grad.tolist() for key in old["value_gradients"]},
        "gradients": {key: leaves[key].grad.tolist() for key in old["gradients"]},
        "input_gradients": {key: inputs[key].grad.tolist() for key in old["input_gradients"]},
    }
    if "weights_after_one_step" in old:
        new["weights_after_one_step"] = {
            key: (leaves[key] - 0.5 * leaves[key].grad).tolist() for key in old["weights_after_one_step"]
        }
    return new


# --- files of another form ------------------------------------------------------------------------------------


def clip_by_norm(old):
    gradients = [tensor([[3.0, 4.0]]), tensor([12.0])]
    leaves = [torch.zeros_like(gradient, requires_grad=True) for gradient in gradients]
    for leaf, gradient in zip(leaves, gradients, strict=True):
        leaf.grad = gradient
    norm = torch.nn.utils.clip_grad_norm_(leaves, 6.5)
    return {"norm": norm.item(), "clipped": [leaf.grad.tolist() for leaf in leaves]}


OPTIMIZERS = {
    "adagrad_lr0.1": lambda w: torch.optim.Adagrad(w, lr=0.1),
    "adam_lr0.01": lambda w: torch.optim.Adam(w, lr=0.01),
    "adamw_lr0.01_wd0.1": lambda w: torch.optim.AdamW(w, lr=0.01, weight_decay=0.1),
    "rmsprop_lr0.01": lambda w: torch.optim.RMSprop(w, lr=0.01),
    "sgd_lr0.1": lambda w: torch.optim.SGD(w, lr=0.1),
    "sgd_momentum0.9_lr0.1": lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9),
    "sgd_nesterov0.9_lr0.1": lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9, nesterov=True),
    "sgd_weight_decay0.01_lr0.1": lambda w: torch.optim.SGD(w, lr=0.1, weight_decay=0.01),
}


def ten_steps(name):
    def recipe(old):
        w = tensor([1.0, -2.0, 0.5]).requires_grad_()
        optimizer = OPTIMIZERS[name]([w])
        steps = []
        for _ in range(10):
            optimizer.zero_grad()
            loss = (tensor(old["scale"]) * (w - tensor(old["target"])) ** 2).sum()
            loss.backward()
            gradient = w.grad.tolist()
            optimizer.step()
            steps.append({"loss": loss.item(), "gradient": gradient, "w_after": w.tolist()})
        return {"steps": steps}

    return recipe


def rnn_grad_steps(old):
    """Each step with a copy of Whh of its own, so that each copy's gradient is that step's share."""
    p = {key: tensor(value) for key, value in old["parameters"].items()}
    x, t = tensor(old["inputs"]["x"]), tensor(old["targets"])
    n, steps, _ = x.shape
    copies = [p["Whh"].clone().requires_grad_() for _ in range(steps)]
    h = torch.zeros(n, p["Whh"].shape[0])
    for step in range(steps):
        h = torch.tanh(F.linear(x[:, step], p["Wxh"], p["bh"]) + F.linear(h, copies[step]))
    F.mse_loss(F.linear(h, p["Why"], p["by"]), t).backward()
    shares = [copy.grad for copy in copies]
    return {"grad_steps": [share.tolist() for share in shares], "grad": sum(shares).tolist()}


OTHERS = {"clip_by_norm": clip_by_norm, "rnn_grad_steps": rnn_grad_steps}
OTHERS |= {f"optimizer_{name}": ten_steps(name) for name in OPTIMIZERS}
OTHERS |= {name: lambda _, recipe=recipe: recipe() for name, recipe in autograd.RECIPES.items()}


def differences(old, new, place=""):
    """Places where two nests of numbers differ by more than 1e-12 of the larger of 1 and the number."""
    if isinstance(new, dict):
        for key, value in new.items():
            yield from differences(old[key], value, f"{place}.{key}")
    elif isinstance(new, list):
        if len(old) != len(new):
            yield f"{place}: {len(old)} and {len(new)} entries"
        for index, (a, b) in enumerate(zip(old, new, strict=False)):
            yield from differences(a, b, f"{place}[{index}]")
    elif isinstance(new, float) and isinstance(old, float):
        if abs(old - new) > 1e-12 * max(1.0, abs(old)):
            yield f"{place}: {old} and {new}"
    elif old != new:
        yield f"{place}: {old} and {new}"


def main(write):
    failed = False
    for path in sorted(HERE.glob("*.json")):
        old, name = json.loads(path.read_text()), path.stem
        if name not in RECIPES and name not in OTHERS:
            print(f"{path.name} has no recipe")
            failed = True
            continue
        new = OTHERS[name](old) if name in OTHERS else computed(name, old)
        new = json.loads(json.dumps(new))
        if write:
            path.write_text(json.dumps(old | new, indent=1) + "\n")
        for difference in differences(old, new):
            print(f"{path.name}{difference}")
            failed = failed or not write
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv))
