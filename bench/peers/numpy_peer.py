#!/usr/bin/python3
"""The benchmark's training step with NumPy, in place: every array is allocated once, every operation
writes into one of them, all numbers are float32."""

from __future__ import annotations

import numpy as np
import participant
from participant import Workload

CHUNK = 32768  # of Adam's numbers at once: five such arrays stay in the second-level cache


class Adam:
    """Kingma & Ba 2015, Algorithm 1, on all parameters as one array."""

    def __init__(self, w: np.ndarray, g: np.ndarray, learning_rate: float) -> None:
        self.learning_rate = learning_rate
        self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        scratch = np.empty(min(CHUNK, w.size), np.float32)
        self.chunks = []
        for i in range(0, w.size, CHUNK):
            views = [a[i:i + CHUNK] for a in (w, g, self.m, self.v)]
            self.chunks.append((*views, scratch[:views[0].size]))

    def reset(self) -> None:
        self.m.fill(0)
        self.v.fill(0)
        self.t = 0

    def step(self) -> None:
        """m += (1 - beta1) (g - m)     v += (1 - beta2) (g^2 - v)     w -= rate m / (sqrt(v) + eps)"""
        self.t += 1
        root = (1 - 0.999**self.t) ** 0.5
        rate = self.learning_rate * root / (1 - 0.9**self.t)
        epsilon = 1e-8 * root
        add, multiply, subtract = np.add, np.multiply, np.subtract
        for w, g, m, v, s in self.chunks:
            multiply(m, 0.9, m)
            multiply(g, 0.1, s)
            add(m, s, m)
            multiply(g, s, s)  # 0.1 g^2
            multiply(s, 0.01, s)
            multiply(v, 0.999, v)
            add(v, s, v)
            np.sqrt(v, s)
            add(s, epsilon, s)
            np.divide(m, s, s)
            multiply(s, rate, s)
            subtract(w, s, w)


def activate(A: np.ndarray, name: str) -> None:
    """A = f(Z), in place."""
    if name == "tanh":
        np.tanh(A, A)
    elif name == "relu":
        np.maximum(A, 0, A)
    else:  # sigmoid
        np.negative(A, A)
        np.exp(A, A)
        np.add(A, 1, A)
        np.reciprocal(A, A)


def activate_backward(dZ: np.ndarray, A: np.ndarray, S: np.ndarray, name: str) -> None:
    """dZ = dA f'(Z), in place, with f' from A = f(Z); S is room for a matrix of that shape."""
    if name == "tanh":  # dZ - dZ A^2
        np.multiply(A, A, S)
        np.multiply(S, dZ, S)
        np.subtract(dZ, S, dZ)
    elif name == "relu":  # A >= 0, so its sign is the derivative
        np.sign(A, S)
        np.multiply(dZ, S, dZ)
    else:  # sigmoid: dZ (A - A^2)
        np.multiply(A, A, S)
        np.subtract(A, S, S)
        np.multiply(dZ, S, dZ)


class Training:
    """Parameters, gradients and activations, all of them allocated here."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        self.w = np.empty_like(workload.parameters)
        self.g = np.zeros_like(self.w)
        self.adam = Adam(self.w, self.g, workload.learning_rate)
        self.parameters = workload.layers(self.w)
        self.gradients = workload.layers(self.g)
        self.names = workload.activations

        def matrices() -> list[np.ndarray]:
            return [np.empty((workload.batch, width), np.float32) for width in workload.widths]

        self.A, self.dZ, self.scratch = matrices(), matrices(), matrices()
        self.T = self.A[0] if workload.T is None else np.empty_like(self.A[-1])
        self.ones = np.ones(workload.batch, np.float32)
        self.forward_layers = [
            (self.A[l], W.T, b, self.A[l + 1], self.names[l])
            for l, (W, b) in enumerate(self.parameters)
        ]
        self.backward_layers = [
            (self.dZ[l + 1], self.dZ[l + 1].T, self.A[l + 1], self.scratch[l + 1], self.names[l],
             *self.gradients[l], self.A[l], self.parameters[l][0], self.dZ[l] if l else None)
            for l in reversed(range(len(self.parameters)))
        ]
        self.reset()

    def reset(self) -> None:
        np.copyto(self.w, self.workload.parameters)
        self.adam.reset()
        self.steps = 0

    def step(self) -> float:
        """One training step; returns the loss before the update."""
        self.gather()
        self.forward()
        loss = self.mean_squared_error()
        self.backward()
        self.adam.step()
        self.steps += 1
        return loss

    def gather(self) -> None:
        workload = self.workload
        samples = workload.order[self.steps % len(workload.order)]
        workload.X.take(samples, 0, self.A[0], "clip")  # the other modes copy once more
        if workload.T is not None:
            workload.T.take(samples, 0, self.T, "clip")

    def forward(self) -> None:
        """A_l+1 = f(A_l W^T + b)"""
        for A_in, W_transposed, b, A, name in self.forward_layers:
            np.dot(A_in, W_transposed, A)
            np.add(A, b, A)
            activate(A, name)

    def mean_squared_error(self) -> float:
        """L = mean (Y - T)^2     dY = 2 (Y - T) / n"""
        dY = self.dZ[-1]
        np.subtract(self.A[-1], self.T, dY)
        flat = dY.reshape(-1)
        loss = np.dot(flat, flat) / dY.size
        np.multiply(dY, 2 / dY.size, dY)
        return float(loss)

    def backward(self) -> None:
        """dZ = dA f'(Z)     dW = dZ^T A     db = sum_i dZ_i     dA = dZ W"""
        for dZ, dZ_transposed, A, scratch, name, dW, db, A_in, W, dA_in in self.backward_layers:
            activate_backward(dZ, A, scratch, name)
            np.dot(dZ_transposed, A_in, dW)
            np.dot(self.ones, dZ, db)
            if dA_in is not None:
                np.dot(dZ, W, dA_in)


if __name__ == "__main__":
    participant.take_part(participant.parser(__doc__).parse_args(), Training)
