#!/usr/bin/env python3
"""worked_tsne.py

Prints the worked example of docs/tsne.md, four points and a map of them, from the equations of that page. Its gradient is
also compared with central differences of KL. Python's standard library is all this needs.
"""

import math

X = [[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [4.0, 4.0]]
Y = [[0.0, 0.5], [0.25, -0.5], [-0.5, 1.0], [1.0, 0.0]]
perplexity, learning_rate = 2.0, 0.5
n = len(X)


def text(value):
    if isinstance(value, list):
        return "[" + ", ".join(text(v) for v in value) + "]"
    return "%.6f" % value


def block(title, **values):
    print("\n".join(["", "# " + title] + ["%s = %s" % (name, text(value)) for name, value in values.items()]))


def squared_distance(a, b):
    return sum((u - v) ** 2 for u, v in zip(a, b))


def conditional(i, beta):
    p = [0.0 if j == i else math.exp(-beta * squared_distance(X[i], X[j])) for j in range(n)]
    return [p_j / sum(p) for p_j in p]


def entropy(p):
    return -sum(p_j * math.log(p_j) for p_j in p if p_j > 0)


def bisected(i):
    low, high = 0.0, 10.0
    for _ in range(200):
        beta = (low + high) / 2
        if entropy(conditional(i, beta)) > math.log(perplexity):
            low = beta
        else:
            high = beta
    return beta


def kl(Y):
    q = {(i, j): 1 / (1 + squared_distance(Y[i], Y[j])) for i in range(n) for j in range(n) if i != j}
    Z = sum(q.values())
    return sum(P[i][j] * math.log(P[i][j] * Z / q_ij) for (i, j), q_ij in q.items()), q, Z


beta = [bisected(i) for i in range(n)]
p = [conditional(i, beta[i]) for i in range(n)]
P = [[(p[i][j] + p[j][i]) / (2 * n) for j in range(n)] for i in range(n)]
KL, q, Z = kl(Y)
dY = [[4 * sum((P[i][j] - q[i, j] / Z) * q[i, j] * (Y[i][c] - Y[j][c]) for j in range(n) if j != i) for c in (0, 1)]
      for i in range(n)]
moved = [[Y[i][c] - learning_rate * 0.8 * dY[i][c] for c in (0, 1)] for i in range(n)]

block("four points: given", X=X, Y=Y, perplexity=perplexity, learning_rate=learning_rate)
block("four points: P", beta=beta, P=P)
block("four points: KL", Z=Z, KL=KL)
block("four points: step", dY=dY, Y=moved, KL=kl(moved)[0])

h = 1e-6
for i in range(n):
    for c in (0, 1):
        up, down = [[list(row) for row in Y] for _ in (0, 1)]
        up[i][c] += h
        down[i][c] -= h
        assert abs((kl(up)[0] - kl(down)[0]) / (2 * h) - dY[i][c]) < 1e-8, (i, c)
