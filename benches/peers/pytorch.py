"""The workloads of `vastavirta bench` in PyTorch eager: samples per second of full training steps.

    python pytorch.py THREADS WORKLOAD [WORKLOAD …]

Forward, backward and update in f32, data in memory; the median of 5 spans after a warm-up. Prints one JSON
object a workload, as `vastavirta bench --json` does.
"""

import json
import statistics
import sys
import time

import torch
from torch import nn

SPANS = 5
SPAN_SECONDS = 0.8
BATCHES = 8


class Elman(nn.Module):
    """8 → 64 tanh over 32 steps; the last step → 1."""

    def __init__(self):
        super().__init__()
        self.cell = nn.RNN(8, 64, nonlinearity="tanh", batch_first=True)
        self.head = nn.Linear(64, 1)

    def forward(self, x):
        states, _ = self.cell(x)
        return self.head(states[:, -1])


class Chain(nn.Module):
    """x times a number that learns, then operations entry by entry: five of them over and over."""

    def __init__(self, n_operations=1000):
        super().__init__()
        self.n_operations = n_operations
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, x):
        start = x * self.scale
        value = start
        for number in range(self.n_operations):
            match number % 5:
                case 0:
                    value = torch.sin(value)
                case 1:
                    value = value * start
                case 2:
                    value = torch.tanh(value)
                case 3:
                    value = value + start
                case _:
                    value = -value
        return value.mean(dim=-1)


def sum_of_rows(value, _):
    """Where the chain's backward pass starts: there is no target."""
    return value.sum()


def layers(sizes, activation):
    """Dense layers with an activation between each two."""
    built = []
    for index, (wide, narrow) in enumerate(zip(sizes, sizes[1:])):
        built.append(nn.Linear(wide, narrow))
        if index < len(sizes) - 2:
            built.append(activation())
    return built


def sgd(model):
    return torch.optim.SGD(model.parameters(), lr=0.1)


def adam(model):
    return torch.optim.Adam(model.parameters(), lr=0.001)


# name: (model, loss, optimizer, batch, shape of one sample, classes or none)
WORKLOADS = {
    "xor": (lambda: nn.Sequential(*layers([2, 4, 1], nn.Sigmoid), nn.Sigmoid()), nn.BCELoss(), sgd, 1, [2], None),
    "auto_mpg": (lambda: nn.Sequential(*layers([9, 64, 64, 1], nn.ReLU)), nn.MSELoss(), adam, 32, [9], None),
    "mnist": (lambda: nn.Sequential(*layers([784, 256, 128, 10], nn.ReLU)), nn.CrossEntropyLoss(), adam, 128, [784], 10),
    "wide": (lambda: nn.Sequential(*layers([1024, 2048, 2048, 10], nn.ReLU)), nn.CrossEntropyLoss(), sgd, 256, [1024], 10),
    "rnn": (Elman, nn.MSELoss(), adam, 32, [32, 8], None),
    "chain": (Chain, sum_of_rows, sgd, 100, [1000], None),
}


def batches(n, shape, classes, probabilities):
    """A few batches of random samples with their targets."""
    made = []
    for _ in range(BATCHES):
        x = torch.randn(n, *shape)
        if classes is not None:
            y = torch.randint(classes, (n,))
        elif probabilities:
            y = torch.randint(2, (n, 1)).float()
        else:
            y = torch.randn(n, 1)
        made.append((x, y))
    return made


def measure(name):
    """Median samples per second of one workload."""
    torch.manual_seed(1)
    make, loss, optimizer_of, n, shape, classes = WORKLOADS[name]
    model = make()
    optimizer = optimizer_of(model)
    data = batches(n, shape, classes, isinstance(loss, nn.BCELoss))

    def span():
        steps = 0
        start = time.perf_counter()
        while True:
            for x, y in data:
                optimizer.zero_grad(set_to_none=True)
                loss(model(x), y).backward()
                optimizer.step()
            steps += len(data)
            seconds = time.perf_counter() - start
            if seconds >= SPAN_SECONDS:
                return steps * n / seconds

    span()
    return statistics.median(span() for _ in range(SPANS))


def main(arguments):
    torch.set_num_threads(int(arguments[0]))
    for name in arguments[1:]:
        print(json.dumps({"workload": name, "samples_per_second": measure(name)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
