"""What the programs in Python share: a workload directory, and the conversation with peers.py.

A participant is started as `PROGRAM WORKLOAD_DIR THREADS`. It trains 20 steps and prints their losses,
then answers each line `run SECONDS` with `steps N seconds S`, training anew from the start.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Protocol

import numpy as np

STEPS = 20  # whose losses have to agree


@dataclass(frozen=True)
class Workload:
    """A workload directory, as bench_steps --export writes it."""

    widths: list[int]
    descriptions: list[str]  # of the layers: "dense(35,25)"
    activations: list[str]  # of the layers: "tanh"
    loss: str  # "mse" or "cross_entropy"
    batch: int
    learning_rate: float
    X: np.ndarray  # (samples, widths[0])
    T: np.ndarray | None  # (samples, widths[-1]); None: the inputs
    parameters: np.ndarray  # W (out, in), then b (out), of each layer
    order: np.ndarray  # (steps, batch): the samples of each step
    eps: np.ndarray  # (20, batch, latent size): what a variational autoencoder draws in the first steps

    def layers(self, flat: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """W and b of each layer, as views of numbers in the order of `parameters`."""
        tensors = []
        for n_in, n_out in zip(self.widths, self.widths[1:]):
            W, b, flat = np.split(flat, [n_in * n_out, n_in * n_out + n_out])
            tensors.append((W.reshape(n_out, n_in), b))
        return tensors


def read_workload(folder: Path) -> Workload:
    """Reads workload.json and the raw numbers beside it."""
    json_ = json.loads((folder / "workload.json").read_text(encoding="utf-8"))
    widths, samples = json_["widths"], json_["samples"]
    eps = folder / "eps.f32"

    def matrix(name: str, dtype: str, rows: int, cols: int) -> np.ndarray:
        return np.fromfile(folder / name, dtype).reshape(rows, cols)

    return Workload(
        widths=widths,
        descriptions=json_["layers"],
        activations=json_["activations"],
        loss=json_["loss"],
        batch=json_["batch"],
        learning_rate=json_["learning_rate"],
        X=matrix("X.f32", "<f4", samples, widths[0]),
        T=matrix("T.f32", "<f4", samples, widths[-1]) if json_["has_targets"] else None,
        parameters=np.fromfile(folder / "params.f32", "<f4"),
        order=matrix("order.i32", "<i4", json_["order_steps"], json_["batch"]).astype(np.intp),
        eps=np.fromfile(eps, "<f4").reshape(STEPS, json_["batch"], -1) if eps.exists() else np.empty((0, 0, 0)),
    )


class Training(Protocol):
    """A training of a workload."""

    def reset(self) -> None:
        """Back to the initial parameters, moments of zero and the first batch."""

    def step(self) -> float:
        """One training step; returns the loss before the update."""


def train_for(training: Training, seconds: float, at_least: int, at_once: int) -> tuple[int, float]:
    """Trains for so many seconds, looking at the clock every few steps only: (steps, seconds)."""
    step, clock = training.step, time.perf_counter
    start = clock()
    steps, elapsed = 0, 0.0
    while steps < at_least or elapsed < seconds:
        for _ in range(at_once):
            step()
        steps += at_once
        elapsed = clock() - start
    return steps, elapsed


def measure(training: Training, seconds: float) -> tuple[int, float]:
    """From the start, after a warm-up that is not counted: (steps, seconds)."""
    training.reset()
    steps, elapsed = train_for(training, 0.05 * seconds, 3, 1)
    return train_for(training, seconds, 1, math.ceil(1e-3 * steps / elapsed))


def parser(description: str | None) -> argparse.ArgumentParser:
    """For the command line of a participant, to which a program may add options."""
    result = argparse.ArgumentParser(description=description)
    result.add_argument("workload", type=Path, metavar="WORKLOAD_DIR")
    result.add_argument("threads", type=int, metavar="THREADS")
    return result


def take_part(arguments: argparse.Namespace, make: Callable[[Workload], Training]) -> None:
    """Prints the first losses, then measures as often as standard input asks for it."""
    training = make(read_workload(arguments.workload))
    print("losses", *(f"{training.step():.9g}" for _ in range(STEPS)), flush=True)
    gc.collect()
    gc.disable()  # as timeit does: no step makes cycles that would have to be found
    for line in sys.stdin:
        words = line.split()
        if len(words) != 2 or words[0] != "run":
            sys.exit(f"expected a line such as 'run 0.5', got {line!r}")
        steps, elapsed = measure(training, float(words[1]))
        print(f"steps {steps} seconds {elapsed:.9g}", flush=True)
