#!/usr/bin/env python3
"""Writes optimizers.csv: ten steps of each optimizer over two tensors, in float64.

The equations are written out here again, from the papers, with numpy and whole arrays; the C++ tests
read the committed values.

    ./optimizers.py            writes optimizers.csv beside this file
    ./optimizers.py --torch    compares the values with torch.optim instead

With PyTorch 1.13.0 all values of torch.optim.SGD, Adagrad and Adam in float64 equal these to 1e-10.
"""

import pathlib
import sys

import numpy as np

STEPS = 10
SHAPES = [(2, 3), (3,)]  # W and b

METHODS = {
    "sgd": dict(lr=0.1),
    "momentum": dict(lr=0.05, momentum=0.9),
    "nesterov": dict(lr=0.05, momentum=0.9, nesterov=True),
    "adagrad": dict(lr=0.2),
    "adam": dict(lr=0.01),
}


def problem():
    """Starting values and gradients; a gradient of each size, and some that are zero at first."""
    random = np.random.default_rng(1)
    start = [random.uniform(0.5, 2.0, shape) for shape in SHAPES]
    gradients = []
    for step in range(STEPS):
        g = [random.normal(size=shape) for shape in SHAPES]
        g[0] *= np.array([[1e-3, 1.0, 10.0], [0.1, 1.0, 1.0]])
        if step < 2:
            g[0][1, 2] = 0.0
            g[1][0] = 0.0
        gradients.append(g)
    return start, gradients


def sgd(w, gradients, lr, momentum=0.0, nesterov=False):
    v = np.zeros_like(w)
    for g in gradients:
        v = momentum * v + g
        w = w - lr * (g + momentum * v if nesterov else v)
        yield w


def adagrad(w, gradients, lr, eps=1e-10):
    for t in range(1, len(gradients) + 1):
        total = sum(g**2 for g in gradients[:t])
        w = w - lr * gradients[t - 1] / (np.sqrt(total) + eps)
        yield w


def adam(w, gradients, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        w = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        yield w


def run(method, start, gradients):
    """The tensors after each step."""
    function = {"adagrad": adagrad, "adam": adam}.get(method, sgd)
    tensors = [
        list(function(w, [g[p] for g in gradients], **METHODS[method])) for p, w in enumerate(start)
    ]
    return list(zip(*tensors))


def run_torch(method, start, gradients):
    import torch

    tensors = [torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in start]
    Class = {"adagrad": torch.optim.Adagrad, "adam": torch.optim.Adam}.get(method, torch.optim.SGD)
    optimizer = Class(tensors, **METHODS[method])
    for g in gradients:
        for tensor, gradient in zip(tensors, g):
            tensor.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        yield [tensor.detach().numpy().copy() for tensor in tensors]


def flat(tensors):
    return np.concatenate([tensor.ravel() for tensor in tensors])


def main():
    start, gradients = problem()
    if "--torch" in sys.argv:
        for method in METHODS:
            ours = run(method, start, gradients)
            theirs = run_torch(method, start, gradients)
            error = max(np.abs(flat(a) / flat(b) - 1).max() for a, b in zip(ours, theirs))
            print(f"{method}: largest relative difference {error:.2g}")
            assert error < 1e-10
        return
    # repr() of a float is the shortest text that reads back as the same number.
    lines = ["method,step,position,gradient,value"]
    for method in METHODS:
        lines += [f"{method},0,{i},0,{w!r}" for i, w in enumerate(flat(start).tolist())]
        for step, tensors in enumerate(run(method, start, gradients), start=1):
            pairs = zip(flat(gradients[step - 1]).tolist(), flat(tensors).tolist())
            lines += [f"{method},{step},{i},{g!r},{w!r}" for i, (g, w) in enumerate(pairs)]
    pathlib.Path(__file__).with_suffix(".csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
