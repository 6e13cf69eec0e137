#!/usr/bin/python3
"""t-SNE of the same points by Hourglass and by scikit-learn, one after the other, in rounds.

The points are those of --codes FILE.npy, or as many principal components of Fashion-MNIST images as --columns says. Both
do 1000 steps from the two principal components at perplexity 30. Of up to 6000 points, the KL divergence is computed of
both maps alike, in double, over all pairs of points, and so is trustworthiness, by scikit-learn.

Exit status: 0 done, 1 a program failed, 2 bad usage."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

IMAGES = "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True, help="where bench_tsne was built")
    parser.add_argument("--codes", type=Path, help="points to map, (n, d) in a .npy")
    parser.add_argument("--points", type=int, default=4000, help="of Fashion-MNIST, of up to 70000")
    parser.add_argument("--columns", type=int, default=50, help="principal components of these; 784: the pixels")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--skip-peer", action="store_true", help="without scikit-learn")
    return parser.parse_args()


arguments = parse_arguments()
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(arguments.threads)  # before NumPy is loaded

import numpy as np  # noqa: E402
from scipy.spatial.distance import pdist, squareform  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402
from sklearn.manifold import TSNE, trustworthiness  # noqa: E402
from sklearn.manifold._t_sne import _joint_probabilities  # noqa: E402


def fashion(count: int, columns: int) -> np.ndarray:
    pixels = []
    for name in (IMAGES, IMAGES.replace("train", "t10k")):
        with gzip.open(name) as file:
            pixels.append(np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784))
    X = (np.concatenate(pixels)[:count] / 255).astype(np.float32)
    return X if columns >= 784 else PCA(columns, random_state=1).fit_transform(X)


def exact_kl(P: np.ndarray, Y: np.ndarray) -> float:
    Q = 1 / (1 + pdist(Y, "sqeuclidean"))
    Q /= 2 * Q.sum()
    return 2 * float(np.sum(P * np.log(np.maximum(P, 1e-300) / Q)))


def ours(points: Path, folder: Path, columns: int, theta: str) -> tuple[float, float, np.ndarray]:
    out = folder / "map.f32"
    answer = subprocess.run([arguments.build / "bench" / "bench_tsne", "--points", points, "--columns", str(columns),
                             "--threads", str(arguments.threads), "--theta", theta, "--out", out],
                            check=True, capture_output=True, text=True).stdout
    said = json.loads(answer)
    return said["seconds"], said["processor_seconds"], np.fromfile(out, np.float32).reshape(-1, 2)


def theirs(X: np.ndarray) -> tuple[float, float, np.ndarray]:
    start, processor = time.perf_counter(), time.process_time()
    Y = TSNE(init="pca", learning_rate="auto", perplexity=30, n_jobs=arguments.threads, random_state=1).fit_transform(X)
    return time.perf_counter() - start, time.process_time() - processor, Y


def main() -> int:
    X = np.load(arguments.codes) if arguments.codes else fashion(arguments.points, arguments.columns)
    X = np.ascontiguousarray(X, np.float32)
    n, d = X.shape
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        X.tofile(folder / "points.f32")
        programs = {"hourglass": lambda: ours(folder / "points.f32", folder, d, "-1"),
                    "scikit-learn": lambda: theirs(X)}
        if n <= 10000:
            programs["hourglass, theta 0.5"] = lambda: ours(folder / "points.f32", folder, d, "0.5")
        if arguments.skip_peer:
            del programs["scikit-learn"]
        times, maps = {program: [] for program in programs}, {}
        for _ in range(arguments.rounds):
            for program, run in programs.items():
                *took, maps[program] = run()
                times[program].append(took)
    P = None
    if n <= 6000:
        distances = squareform(pdist(X.astype(np.float64), "sqeuclidean")).astype(np.float32)
        P = _joint_probabilities(distances, 30, 0)
    print(f"{n} points of {d} numbers, {arguments.threads} threads, medians of {arguments.rounds} rounds: seconds, and those "
          "of the processor")
    for program, its_times in times.items():
        wall, processor = (statistics.median(column) for column in zip(*its_times))
        line = f"{program:22} {wall:9.2f} {processor:9.2f}"
        if P is not None:
            Y = maps[program].astype(np.float64)
            line += f"   KL {exact_kl(P, Y):.4f}   trustworthiness {trustworthiness(X, Y, n_neighbors=12):.4f}"
        print(line)
    if "scikit-learn" in times:
        for column, name in enumerate(("seconds", "seconds of the processor")):
            ratios = [b[column] / a[column] for a, b in zip(times["hourglass"], times["scikit-learn"])]
            print(f"scikit-learn over hourglass, {name}, median of the rounds: {statistics.median(ratios):.2f}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"tsne.py: {error}", file=sys.stderr)
        sys.exit(1)
