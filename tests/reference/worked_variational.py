#!/usr/bin/env python3
"""worked_variational.py

Prints the worked example of docs/variational.md, a variational autoencoder 2-(1)-2 and one sample of two pixels, from the
equations of that page and of docs/sampling.md. Its gradients are also compared with central differences of the -ELBO.
Python's standard library is all this needs.
"""

import math

x = [1.0, -1.0]
eps, beta = 0.5, 1.0
W_1, b_1 = [[0.75, -0.25], [-0.5, 0.25]], [0.1, -0.4]
W_3, b_3 = [[0.8], [-0.6]], [0.1, 0.2]


def text(value):
    if isinstance(value, list):
        return "[" + ", ".join(text(v) for v in value) + "]"
    return "%.6f" % value


def block(title, **values):
    print("\n".join(["", "# " + title] + ["%s = %s" % (name, text(value)) for name, value in values.items()]))


def forward(W_1, b_1, W_3, b_3):
    mu, s = [W_1[j][0] * x[0] + W_1[j][1] * x[1] + b_1[j] for j in (0, 1)]
    sigma = math.exp(s / 2)
    z = mu + sigma * eps
    y = [math.tanh(W_3[j][0] * z + b_3[j]) for j in (0, 1)]
    reconstruction = -sum(math.log((1 + t * v) / 2) for t, v in zip(x, y))  # t is -1 or 1
    kl = (mu**2 + sigma**2 - s - 1) / 2
    return mu, s, sigma, z, y, reconstruction, kl


mu, s, sigma, z, y, reconstruction, kl = forward(W_1, b_1, W_3, b_3)
block("one sample: given", X=[x], W_1=W_1, b_1=b_1, W_3=W_3, b_3=b_3, eps=[[eps]], beta=beta)
block("one sample: forward", Z_1=[[mu, s]], sigma=[[sigma]], Z_2=[[z]], Y=[y], reconstruction=reconstruction, KL=kl,
      loss=reconstruction + beta * kl)

dZ_3 = [v - t for v, t in zip(y, x)]
dz = sum(d * w[0] for d, w in zip(dZ_3, W_3))
dmu = dz + beta * mu
ds = dz * eps * sigma / 2 + beta * (sigma**2 - 1) / 2
dW_1 = [[d * v for v in x] for d in (dmu, ds)]
block("one sample: backward", dZ_3=[dZ_3], dW_3=[[d * z] for d in dZ_3], db_3=dZ_3, dZ_2=[[dz]], dZ_1=[[dmu, ds]], dW_1=dW_1,
      db_1=[dmu, ds])


def loss(*weights):
    result = forward(*weights)
    return result[5] + beta * result[6]


h = 1e-6
for j in (0, 1):
    for k in (0, 1):
        up, down = [[list(row) for row in W_1] for _ in (0, 1)]
        up[j][k] += h
        down[j][k] -= h
        difference = (loss(up, b_1, W_3, b_3) - loss(down, b_1, W_3, b_3)) / (2 * h)
        assert abs(difference - dW_1[j][k]) < 1e-8, (j, k)
