#!/usr/bin/python3
"""Which kernels OpenBLAS should use: `openblas.py WORKLOAD_DIR` times a step's products, with one thread.
And which BLIS should.

OpenBLAS picks its kernels by the processor's model, and of one that is newer than itself it may know
nothing. So peers.py tries those that this processor can run, and gives the programs that use OpenBLAS the
fastest ones for each workload.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 3
SECONDS = 0.06
FAST = "openblas|mkl|blis|atlas"
DEFAULT = ""  # what OpenBLAS picks itself


def libraries(pid: int | str) -> set[str]:
    """The shared libraries that a process has loaded; none known without /proc."""
    try:
        text = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    except OSError:
        return set()
    return {fields[5] for line in text.splitlines() if len(fields := line.split(None, 5)) == 6
            and ".so" in fields[5]}


def is_reference(blas: str) -> bool:
    """Netlib's plain loops, with which no figure would be fair. The fast ones have a libblas.so.3 too, in
    folders of their own names."""
    return re.search(r"/lib(c|f77)?blas\.so", blas) is not None and not re.search(FAST, blas)


def blas_of(pid: int | str) -> str:
    """The file of the BLAS that a process has loaded: '' if none is seen. Netlib's, if it is among
    several: the others then came with LAPACK."""
    loaded = sorted(libraries(pid))
    reference = filter(is_reference, loaded)
    fast = (path for path in loaded if re.search(rf"/lib({FAST})", path))
    return next(reference, "") or next(fast, "")


def candidates() -> list[str]:
    """Kernels that this processor can run, as values of OPENBLAS_CORETYPE."""
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        return [DEFAULT]
    cores = [DEFAULT]
    if {"avx2", "fma"} <= flags:
        cores += ["Haswell", "Zen"]
    if {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= flags:
        cores += ["SkylakeX"]
    return cores


def core_name() -> str:
    """The kernels that the loaded OpenBLAS uses, in its own words; '' if there is no OpenBLAS."""
    blas = blas_of("self")
    if "openblas" not in blas:
        return ""
    function = ctypes.CDLL(blas).openblas_get_corename
    function.restype = ctypes.c_char_p
    return function().decode()


def time_products(widths: list[int], batch: int) -> float:
    """Seconds for the products of one training step."""
    import numpy as np  # only here: peers.py runs without

    rng = np.random.default_rng(0)
    calls = []
    for n_in, n_out in zip(widths, widths[1:]):
        A, dZ, W = (rng.random(shape, np.float32)
                    for shape in ((batch, n_in), (batch, n_out), (n_out, n_in)))
        Z, dW, dA = np.empty_like(dZ), np.empty_like(W), np.empty_like(A)
        calls += [(A, W.T, Z), (dZ.T, A, dW)] + [(dZ, W, dA)] * bool(calls)
    best = float("inf")
    start = time.perf_counter()
    while (before := time.perf_counter()) < start + SECONDS or best == float("inf"):
        for operands in calls:
            np.dot(*operands)
        best = min(best, time.perf_counter() - before)
    return best


def probe(folder: Path, core: str) -> tuple[str, float]:
    """In a process of its own, with those kernels: (what OpenBLAS calls them, seconds)."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    if core != DEFAULT:
        environment["OPENBLAS_CORETYPE"] = core
    run = subprocess.run([sys.executable, __file__, str(folder)], env=environment, check=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=60)
    name, seconds = run.stdout.split()
    return name, float(seconds)


def fastest_core(folder: Path) -> tuple[str, dict[str, float]]:
    """The value of OPENBLAS_CORETYPE for a workload, and the seconds that each name took at best."""
    seconds: dict[str, float] = {}
    value: dict[str, str] = {}
    for _ in range(ROUNDS):
        for core in candidates():
            name, elapsed = probe(folder, core)
            value.setdefault(name, core)
            seconds[name] = min(elapsed, seconds.get(name, elapsed))
    return value[min(seconds, key=seconds.__getitem__)], seconds


# Sub-configurations of BLIS 0.9 as BLIS_ARCH_TYPE numbers them in its bli_type_defs.h: on a Zen 4 it picks
# that for Intel's AVX-512 itself.
BLIS_CANDIDATES = {"haswell": "3", "zen3": "6"}


def fastest_blis(program: Path, folder: Path) -> str:
    """The value of BLIS_ARCH_TYPE with which bench_eigen_blis trains a workload fastest; '' for BLIS's choice."""
    steps: dict[str, float] = {}
    for _ in range(ROUNDS):
        for kind in ("", *BLIS_CANDIDATES.values()):
            variables = {**os.environ, "BLIS_NUM_THREADS": "1"} | ({"BLIS_ARCH_TYPE": kind} if kind else {})
            run = subprocess.run([program, str(folder), "1"], env=variables, check=True, text=True, timeout=60,
                                 input=f"run {SECONDS}\n", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            _, count, _, seconds = run.stdout.splitlines()[-1].split()
            steps[kind] = max(float(count) / float(seconds), steps.get(kind, 0))
    return max(steps, key=steps.__getitem__)


def main() -> None:
    json_ = json.loads((Path(sys.argv[1]) / "workload.json").read_text(encoding="utf-8"))
    seconds = time_products(json_["widths"], json_["batch"])
    print(core_name() or "none", f"{seconds:.9g}")


if __name__ == "__main__":
    main()
