#!/usr/bin/env python3
"""Prints the numbers of docs/backprop.md: run it and paste each block over the one of its title.

Needs numpy, and nothing of Hourglass: the losses are written as they are defined, and every gradient
is compared with a difference quotient before it is printed.
"""

import numpy as np

X = np.array([[1.0, -0.5], [0.5, 1.0]])
T = np.array([[1.0, -1.0], [1.0, 1.0]])
GIVEN = {
    "W1": np.array([[0.5, -0.25], [0.25, 0.75]]),
    "b1": np.array([0.25, -0.5]),
    "W2": np.array([[0.75, -0.5], [0.25, 0.5]]),
    "b2": np.array([-0.25, 0.5]),
}
LEARNING_RATE = 0.1


def forward(p, x):
    Z1 = x @ p["W1"].T + p["b1"]
    A1 = np.tanh(Z1)
    Z2 = A1 @ p["W2"].T + p["b2"]
    return Z1, A1, Z2, np.tanh(Z2)


def cross_entropy(Y, t):
    p = (1 + Y) / 2
    q = (1 + t) / 2
    # 0 ln 0 = 0: a target of -1 or 1 leaves one of the two terms
    terms = np.where(q > 0, q * np.log(p), 0) + np.where(q < 1, (1 - q) * np.log(1 - p), 0)
    return -np.sum(terms) / len(Y)


def mean_squared_error(Y, t):
    return np.mean((Y - t) ** 2)


def step(loss):
    """One forward, backward and SGD step: every intermediate, by name."""
    n, d = T.shape
    v = dict(GIVEN)
    v["Z1"], v["A1"], v["Z2"], v["Y"] = forward(GIVEN, X)
    v["loss"] = loss(v["Y"], T)
    v["f_prime"] = 1 - v["Y"] ** 2
    if loss is cross_entropy:
        v["dZ2"] = (v["Y"] - T) / n
    else:
        v["dY"] = 2 * (v["Y"] - T) / (n * d)
        v["dZ2"] = v["dY"] * v["f_prime"]
    v["dW2"] = v["dZ2"].T @ v["A1"]
    v["db2"] = v["dZ2"].sum(axis=0)
    v["dA1"] = v["dZ2"] @ GIVEN["W2"]
    v["dZ1"] = v["dA1"] * (1 - v["A1"] ** 2)
    v["dW1"] = v["dZ1"].T @ X
    v["db1"] = v["dZ1"].sum(axis=0)
    v["dX"] = v["dZ1"] @ GIVEN["W1"]
    check(loss, v)
    after = {name: GIVEN[name] - LEARNING_RATE * v["d" + name] for name in GIVEN}
    for name in GIVEN:
        v[name + "_after"] = after[name]
    v["loss_after"] = loss(forward(after, X)[3], T)
    assert v["loss_after"] < v["loss"]
    return v


def check(loss, v):
    """Every gradient against a central difference."""
    h = 1e-5
    tensors = {name: GIVEN[name].copy() for name in GIVEN}
    tensors["X"] = X.copy()
    for name, tensor in tensors.items():
        for index in np.ndindex(tensor.shape):
            here = tensor[index]
            tensor[index] = here + h
            above = loss(forward(tensors, tensors["X"])[3], T)
            tensor[index] = here - h
            below = loss(forward(tensors, tensors["X"])[3], T)
            tensor[index] = here
            numeric = (above - below) / (2 * h)
            assert abs(numeric - v["d" + name][index]) < 1e-8, (name, index)


def text(value, form):
    if np.ndim(value) == 0:
        return format(float(value), form)
    return "[" + ", ".join(text(element, form) for element in value) + "]"


def block(title, values, names, form=".6f"):
    print("```text\n# " + title)
    for name in names:
        print(f"{name} = {text(values[name], form)}")
    print("```\n")


def by_hand(values, lines):
    """Lines "name(i,j) = expression = value": the expression is evaluated, the value looked up."""
    print("```text\n# by hand")
    for name, expression in lines:
        tensor, _, index = name.partition("(")
        value = values[tensor]
        if index:
            value = value[tuple(int(i) for i in index.rstrip(")").split(","))]
        python = expression.replace("tanh", "np.tanh").replace("ln", "np.log").replace("^", "**")
        assert abs(eval(python) - value) < 2e-6, (name, expression, value)  # operands are rounded
        print(f"{name} = {expression} = {value:.6f}")
    print("```\n")


def main():
    block("given", {"X": X, "T": T, **GIVEN, "learning_rate": LEARNING_RATE},
          ["X", "T", "W1", "b1", "W2", "b2", "learning_rate"])

    c = step(cross_entropy)
    block("cross-entropy: forward", c, ["Z1", "A1", "Z2", "Y", "loss"])
    block("cross-entropy: backward", c,
          ["dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1", "dX"])
    block("cross-entropy: after one step", c,
          ["W1_after", "b1_after", "W2_after", "b2_after", "loss_after"])

    def s(name, *index):  # a number as the blocks print it, in parentheses if it is negative
        number = format(c[name][index], ".6f")
        return f"({number})" if number.startswith("-") else number

    by_hand(c, [
        ("Z1(0,0)", "1*0.5 + (-0.5)*(-0.25) + 0.25"),
        ("A1(0,0)", f"tanh({s('Z1', 0, 0)})"),
        ("Z2(0,0)", f"{s('A1', 0, 0)}*0.75 + {s('A1', 0, 1)}*(-0.5) + (-0.25)"),
        ("Y(0,0)", f"tanh({s('Z2', 0, 0)})"),
        ("loss", f"-(ln((1 + {s('Y', 0, 0)})/2) + ln((1 - {s('Y', 0, 1)})/2)"
                 f" + ln((1 + {s('Y', 1, 0)})/2) + ln((1 + {s('Y', 1, 1)})/2))/2"),
        ("dZ2(0,0)", f"({s('Y', 0, 0)} - 1)/2"),
        ("dW2(0,1)", f"{s('dZ2', 0, 0)}*{s('A1', 0, 1)} + {s('dZ2', 1, 0)}*{s('A1', 1, 1)}"),
        ("db2(1)", f"{s('dZ2', 0, 1)} + {s('dZ2', 1, 1)}"),
        ("dA1(0,1)", f"{s('dZ2', 0, 0)}*(-0.5) + {s('dZ2', 0, 1)}*0.5"),
        ("dZ1(0,1)", f"{s('dA1', 0, 1)}*(1 - {s('A1', 0, 1)}^2)"),
        ("dW1(1,0)", f"{s('dZ1', 0, 1)}*1 + {s('dZ1', 1, 1)}*0.5"),
        ("db1(1)", f"{s('dZ1', 0, 1)} + {s('dZ1', 1, 1)}"),
        ("dX(0,0)", f"{s('dZ1', 0, 0)}*0.5 + {s('dZ1', 0, 1)}*0.25"),
        ("W2_after(0,0)", f"0.75 - 0.1*{s('dW2', 0, 0)}"),
    ])

    m = step(mean_squared_error)
    block("mean squared error", m,
          ["loss", "dY", "f_prime", "dZ2", "dW2", "db2", "dW1", "db1", "loss_after"])

    z = np.array([0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0])
    y = np.tanh(z)
    block("a wrong pixel", {
        "z": z,
        "f_prime": 1 - y**2,
        "mse": (y + 1) ** 2,
        "mse_dz": 2 * (y + 1) * (1 - y**2),
        "cross_entropy": np.log1p(np.exp(2 * z)),
        "cross_entropy_dz": y + 1,
    }, ["z", "f_prime", "mse", "mse_dz", "cross_entropy", "cross_entropy_dz"], ".2e")


if __name__ == "__main__":
    main()
