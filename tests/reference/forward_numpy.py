#!/usr/bin/env python3
"""forward_numpy.py MODEL.safetensors FONT.txt RECONSTRUCTIONS.csv

Runs a saved model's forward pass with numpy alone, from the equations of docs/backprop.md, on the
letters of a font, and compares with the reconstructions that the program wrote. Exit status 1 if one
of them is off by more than 1e-5.
"""

import csv
import json
import struct
import sys

import numpy as np

TOLERANCE = 1e-5


def read_safetensors(path):
    """The tensors by name, in double, and the metadata."""
    with open(path, "rb") as file:
        content = file.read()
    (size,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + size])
    data = content[8 + size:]
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]
        values = np.frombuffer(data[begin:end], dtype).reshape(entry["shape"])
        tensors[name] = values.astype(np.float64)
    return tensors, metadata


def read_font(path):
    """The letters' pixels, +1 and -1: (letters, 35)."""
    rows = []
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line.startswith("0x"):
                rows.append([])
            elif line:
                rows[-1] += [1.0 if c == "#" else -1.0 for c in line]
    return np.array(rows)


def activation(name, Z):
    """A = f(Z)"""
    if name == "identity":
        return Z
    if name == "tanh":
        return np.tanh(Z)
    if name == "sigmoid":
        return 1 / (1 + np.exp(-Z))
    if name == "relu":
        return np.maximum(Z, 0)
    if name.startswith("leaky_relu"):
        alpha = float(name[len("leaky_relu("):-1]) if "(" in name else 0.2
        return np.where(Z > 0, Z, alpha * Z)
    if name == "softmax":
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)
    raise SystemExit(f"unknown activation {name}")


def forward(tensors, metadata, X):
    """A_0 = X, then Z_l = A_{l-1} W_l^T + b_l and A_l = f_l(Z_l) up to Y."""
    A = X
    for name, layer in zip(metadata["names"].split("; "), metadata["layers"].split("; ")):
        description, f = layer.split(" ")
        if not description.startswith("dense("):
            raise SystemExit(f"unknown layer {description}")
        A = activation(f, A @ tensors[name + ".W"].T + tensors[name + ".b"])
    return A


def main():
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    model, font, reconstructions = sys.argv[1:]
    Y = forward(*read_safetensors(model), read_font(font))
    with open(reconstructions, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    written = np.array([[float(value) for value in row[1:]] for row in rows])
    if written.shape != Y.shape:
        print(f"{reconstructions}: expected {Y.shape[0]} letters of {Y.shape[1]} outputs, "
              f"got {written.shape}")
        return 1
    off = np.abs(written - Y)
    i, j = np.unravel_index(np.argmax(off), off.shape)
    verdict = "agree" if off[i, j] <= TOLERANCE else "DISAGREE"
    print(f"{Y.shape[0]} reconstructions {verdict} with numpy: largest difference {off[i, j]:.1e}, "
          f"letter {rows[i][0]}, output {j} (allowed: {TOLERANCE:.0e})")
    return 0 if off[i, j] <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
