#!/usr/bin/env python3
"""worked_layers.py

Prints the worked examples of docs/sampling.md, dropout.md, batch_norm.md, max_pool.md, average_pool.md and upsample.md:
by NumPy, from the equations of these pages. The pages hold its output.
"""

import numpy as np


def text(value):
    if np.ndim(value) == 0:
        return "%.6f" % value
    return "[" + ", ".join(text(v) for v in value) + "]"


def block(title, **values):
    print("\n".join(["", "# " + title] + ["%s = %s" % (name, text(np.array(v))) for name, v in values.items()]))


def sampling():
    X = np.array([[0.5, -1, 0, -0.75], [1.25, 0.25, 0.5, -2]])
    eps = np.array([[-0.5, 1.25], [0.75, -1]])
    dZ = np.array([[0.25, -0.5], [1, 0.125]])
    beta, n = 1, 2
    block("sampling: given", X=X, eps=eps, dZ=dZ, beta=beta)
    mu, s = X[:, :2], X[:, 2:]
    sigma = np.exp(s / 2)
    Z = mu + sigma * eps
    kl = (mu**2 + sigma**2 - s - 1).sum(axis=1) / 2
    block("sampling: forward", sigma=sigma, Z=Z, KL=kl, penalty=beta * kl.mean())
    dmu = dZ + beta * mu / n
    ds = dZ * eps * sigma / 2 + beta * (sigma**2 - 1) / (2 * n)
    block("sampling: backward", dX=np.hstack([dmu, ds]))


def dropout():
    X = np.array([[0.5, -1, 2, 0.25], [1, 3, -0.5, 0.75]])
    M = np.array([[1, 1, 0, 1], [1, 1, 1, 0]]) / 0.8
    dZ = np.array([[1, -0.5, 0.25, 0], [0.5, 2, -1, 1]])
    block("dropout: one step", X=X, M=M, Z=M * X, dZ=dZ, dX=M * dZ)


def batch_norm():
    X = np.array([[1, 0.5, 3, -0.5], [5, 2, 7, 1]])  # two samples of 1 x 2 pixels with two channels
    gamma, beta = np.array([2, 0.5]), np.array([1, -1])
    dZ = np.array([[0.5, 1, -1, 0.25], [0.25, -0.5, 0, 2]])
    block("batch norm: given", X=X, gamma=gamma, beta=beta, dZ=dZ)
    x, dz = X.reshape(4, 2), dZ.reshape(4, 2)
    mean, variance = x.mean(axis=0), x.var(axis=0)
    rstd = 1 / np.sqrt(variance + 1e-5)
    x_hat = (x - mean) * rstd
    block("batch norm: forward", mean=mean, rstd=rstd, X_hat=x_hat.reshape(2, 4),
          Z=(gamma * x_hat + beta).reshape(2, 4))
    dgamma, dbeta = (dz * x_hat).sum(axis=0), dz.sum(axis=0)
    dx = gamma * rstd * (dz - dbeta / 4 - x_hat * dgamma / 4)
    block("batch norm: backward", dgamma=dgamma, dbeta=dbeta, dX=dx.reshape(2, 4), running_mean=0.1 * mean,
          running_variance=0.9 + 0.1 * x.var(axis=0, ddof=1))


def places(stride, border):
    """For each place of a 2 x 2 window over a 3 x 3 image, the pixels under it."""
    result = []
    for y in range(0, 3 if border else 2, stride):
        for x in range(0, 3 if border else 2, stride):
            result.append([3 * v + u for v in (y, y + 1) for u in (x, x + 1) if v < 3 and u < 3])
    return result


def max_pool():
    X = np.array([0.5, 2, -1, 1, 1.5, 0.25, 3, -0.5, 0.75])
    dZ = np.array([1, 0.5, -0.25, 2])
    under = places(1, False)
    largest = [int(np.argmax(X[p])) for p in under]
    dX = np.zeros(9)
    for place, k, dz in zip(under, largest, dZ):
        dX[place[k]] += dz
    block("max-pooling: one step", X=[X], Z=[[X[p].max() for p in under]], largest=[np.array(largest, float)],
          dZ=[dZ], dX=[dX])


def average_pool():
    X = np.array([0.5, 2, -1, 1, 1.5, 0.25, 3, -0.5, 0.75])
    dZ = np.array([1, 0.5, -0.25, 2])
    under = places(2, True)
    dX = np.zeros(9)
    for place, dz in zip(under, dZ):
        dX[place] += dz / len(place)
    block("average pooling: one step", X=[X], Z=[[X[p].mean() for p in under]], dZ=[dZ], dX=[dX])


def upsample():
    X = np.array([[0.5, -1]])
    dZ = np.array([[1, 0.5, 0.25, 2], [-1, 0.75, 1.5, -0.5]])
    block("upsampling: one step", X=X, Z=[np.repeat(np.repeat(X, 2, axis=0), 2, axis=1).ravel()], dZ=[dZ.ravel()],
          dX=[dZ.reshape(1, 2, 2, 2).sum(axis=(1, 3)).ravel()])


for example in (sampling, dropout, batch_norm, max_pool, average_pool, upsample):
    example()
