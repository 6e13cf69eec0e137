"""Trustworthiness, continuity and 10-neighbour purity, as they stand in tests/analysis/map_quality_test.cpp.

Of points that a formula makes, so that the test can make them too: no two distances are equal."""
import numpy as np
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

n = 60
i = np.arange(n)[:, None]
for d in (12, 3):
    c = np.arange(d)[None, :]
    X = np.sin(1.3 * i + 2.1 * c * c + 0.07 * i * c)
    Y = np.column_stack([np.sin(1.3 * i[:, 0]) + 0.3 * np.cos(5.0 * i[:, 0]), np.cos(1.1 * i[:, 0])])
    labels = np.arange(n) % 4 // 2
    nearest = NearestNeighbors(n_neighbors=10).fit(X).kneighbors(return_distance=False)
    print(d, "trustworthiness %.12f" % trustworthiness(X, Y, n_neighbors=12),
          "continuity %.12f" % trustworthiness(Y, X, n_neighbors=12),
          "purity %.12f" % np.mean(labels[nearest] == labels[:, None]), "of point 7:", nearest[7])
