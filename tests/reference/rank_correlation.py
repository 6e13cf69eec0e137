#!/usr/bin/env python3
"""rank_correlation.py: the numbers in tests/analysis/rank_correlation_test.cpp, from scipy
(Debian: python3-scipy; run with /usr/bin/python3)."""

import csv
import pathlib

from scipy import stats

folder = pathlib.Path(__file__).parents[2] / "data"
with open(folder / "iris" / "iris.csv", encoding="utf-8") as file:
    rows = [[float(value) for value in row[:4]] for row in list(csv.reader(file))[1:]]
columns = list(zip(*rows))
for a in range(4):
    for b in range(a):
        print(f"iris {b} {a}: {stats.spearmanr(columns[b], columns[a])[0]:.15f}")

X = [106, 86, 100, 101, 99, 103, 97, 113, 112, 110]
Y = [7, 0, 27, 50, 28, 29, 20, 12, 6, 17]
print(f"hours of television: {stats.spearmanr(X, Y)[0]:.15f}")
X = [1, 2, 2, 3, 3, 3, 5]
Y = [2, 1, 4, 4, 0, 9, 9]
print(f"ties: {stats.spearmanr(X, Y)[0]:.15f}")

for confidence in (0.5, 0.95, 0.99):
    for degrees in (1, 2, 3, 4, 5, 10, 19, 30, 100):
        print(f"t {confidence} {degrees}: {stats.t.ppf((1 + confidence) / 2, degrees):.12f}")

values = [0.61, 0.72, 0.55, 0.68, 0.70]
low, high = stats.t.interval(0.95, len(values) - 1, loc=sum(values) / len(values), scale=stats.sem(values))
print(f"interval: {low:.15f} {high:.15f}")
