#!/usr/bin/env python3
"""Computes the worked examples of docs/convolution.md and docs/transposed_convolution.md with NumPy, and
prints their text blocks. Window by window, from the definitions: no patches are made on the way to Z and dX.

    ./worked_convolutions.py
"""

import numpy as np

X = np.array([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5], [1.0, 3.0, -2.0]])
FILTERS = np.array([[[1.0, -0.5], [0.25, 2.0]], [[-1.0, 0.5], [1.5, 0.0]]])  # channel, row, column
BIAS = np.array([0.1, -0.2])
DZ = np.array([[[1.0, -1.0], [0.5, 0.25]], [[-0.5, 2.0], [0.75, 1.0]]])  # row, column, channel


def show(name, values):
    values = np.asarray(values, float)
    if values.ndim == 1:
        print(f"{name} = [" + ", ".join(f"{v:.6f}" for v in values) + "]")
    else:
        rows = ["[" + ", ".join(f"{v:.6f}" for v in row) + "]" for row in values]
        print(f"{name} = [" + ", ".join(rows) + "]")


def windows(image):
    """The 2 x 2 windows of a 3 x 3 image, with their places."""
    return [(r, c, image[r:r + 2, c:c + 2]) for r in range(2) for c in range(2)]


def convolution():
    Z = np.zeros((2, 2, 2))
    dW, dX, dP = np.zeros_like(FILTERS), np.zeros_like(X), []
    for r, c, window in windows(X):
        Z[r, c] = [(window * w).sum() for w in FILTERS] + BIAS
        painted = sum(DZ[r, c, j] * FILTERS[j] for j in range(2))
        dX[r:r + 2, c:c + 2] += painted
        dP.append(painted.ravel())
        for j in range(2):
            dW[j] += DZ[r, c, j] * window
    print("# convolution: given")
    show("X", X.reshape(1, -1))
    show("W", FILTERS.reshape(2, -1))
    show("b", BIAS)
    show("dZ", DZ.reshape(1, -1))
    print("# convolution: forward")
    show("P", [window.ravel() for _, _, window in windows(X)])
    show("Z", Z.reshape(1, -1))
    print("# convolution: backward")
    show("dW", dW.reshape(2, -1))
    show("db", DZ.sum(axis=(0, 1)))
    show("dP", dP)
    show("dX", dX.reshape(1, -1))


def transposed_convolution():
    x, w, b = np.array([[1.0, -2.0], [0.5, 3.0]]), FILTERS[0], 0.1
    dZ = np.array([[1.0, 0.5, -1.0], [0.25, -0.5, 2.0], [0.0, 1.5, -0.75]])
    Z, P = np.full((3, 3), b), []
    for r in range(2):
        for c in range(2):
            P.append((x[r, c] * w).ravel())
            Z[r:r + 2, c:c + 2] += x[r, c] * w
    print("# transposed convolution: given")
    show("X", x.reshape(1, -1))
    show("W", w.reshape(1, -1))
    show("b", [b])
    show("dZ", dZ.reshape(1, -1))
    print("# transposed convolution: forward")
    show("P", P)
    show("Z", Z.reshape(1, -1))
    print("# transposed convolution: backward")
    show("dP", [window.ravel() for _, _, window in windows(dZ)])
    show("dW", sum(x[r, c] * window for r, c, window in windows(dZ)).reshape(1, -1))
    show("db", [dZ.sum()])
    show("dX", [[(window * w).sum() for _, _, window in windows(dZ)]])


if __name__ == "__main__":
    convolution()
    transposed_convolution()
