"""The programs that peers.py compares: how they are started, asked and stopped."""

from __future__ import annotations

import importlib.util
import os
import platform
import select
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import openblas

HERE = Path(__file__).resolve().parent
START_SECONDS = 120  # to import a library, read the data and train 20 steps
RUN_SECONDS = 60  # beyond what a run was asked to take


class Failure(Exception):
    """Of one participant; the others go on."""


@dataclass(frozen=True)
class Participant:
    """A program that trains, or that measures the machine."""

    name: str
    label: str
    command: tuple[str, ...]  # up to the workload directory and the number of threads
    threads: int = 1
    module: str = ""  # of Python, without which it cannot run
    package: str = ""  # of Debian, without which it was not built or cannot run
    blas: bool = False  # uses OpenBLAS


def all_participants(build: Path) -> list[Participant]:
    """Hourglass, its peers and the machine."""
    bench = build / "bench"
    ours = (str(bench / "bench_steps"), "--participant")

    def eigen(name: str) -> tuple[str]:
        return (str(bench / "peers" / f"bench_{name}"),)

    def python(file: str, *options: str) -> tuple[str, ...]:
        return (sys.executable, str(HERE / file), *options)

    torch = {"module": "torch", "package": "python3-torch", "blas": True}
    return [
        Participant("hourglass", "Hourglass", ours),
        Participant("hourglass_2", "Hourglass, 2 threads", ours, 2),
        Participant("eigen", "Eigen", eigen("eigen"), package="libeigen3-dev"),
        Participant("eigen_openblas", "Eigen + OpenBLAS", eigen("eigen_openblas"),
                    package="libeigen3-dev libopenblas-dev", blas=True),
        Participant("eigen_blis", "Eigen + BLIS", eigen("eigen_blis"),
                    package="libeigen3-dev libblis-openmp-dev"),
        Participant("eigen_blis_2", "Eigen + BLIS, 2 threads", eigen("eigen_blis"), 2,
                    package="libeigen3-dev libblis-openmp-dev"),
        Participant("pytorch", "PyTorch", python("torch_peer.py"), **torch),
        Participant("pytorch_2", "PyTorch, 2 threads", python("torch_peer.py"), 2, **torch),
        Participant("pytorch_plain", "PyTorch, torch.optim", python("torch_peer.py", "--plain"),
                    **torch),
        Participant("pytorch_manual", "PyTorch, no autograd", python("torch_peer.py", "--manual"),
                    **torch),
        Participant("numpy", "NumPy", python("numpy_peer.py"), 1, "numpy", "python3-numpy", True),
        Participant("sklearn", "scikit-learn", python("sklearn_peer.py"), 1, "sklearn",
                    "python3-sklearn", True),
        Participant("machine", "machine", (str(bench / "bench_machine"),)),
    ]


def why_missing(participant: Participant) -> str:
    """What keeps a participant from being started: '' if nothing does."""
    for path in participant.command:
        if path.startswith("/") and not Path(path).exists():
            hint = f" (Debian: {participant.package})" if participant.package else ""
            return f"{path} was not built{hint}"
    if participant.module and importlib.util.find_spec(participant.module) is None:
        return f"Python has no {participant.module} (Debian: {participant.package})"
    return ""


def openmp_openblas() -> Path | None:
    """OpenBLAS that shares OpenMP's threads with PyTorch; Debian's usual one has threads of its own,
    and on two cores the two kinds are in each other's way."""
    folder = Path(f"/usr/lib/{platform.machine()}-linux-gnu/openblas-openmp")
    return folder if (folder / "libblas.so.3").exists() else None


def environment(participant: Participant, kernels: dict[str, str], openmp_blas: Path | None) -> dict[str, str]:
    """The variables of the shell, and those that make each library its fastest."""
    threads = str(participant.threads)
    result = {
        **os.environ,
        **kernels,
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "BLIS_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        # A thread waits some microseconds for its next piece of work, then sleeps: PASSIVE alone
        # wakes the second thread for every operation, and halves PyTorch's speed.
        "OMP_WAIT_POLICY": "PASSIVE",
        "GOMP_SPINCOUNT": "10000",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if participant.module == "torch" and participant.threads > 1 and openmp_blas:
        result["LD_LIBRARY_PATH"] = f"{openmp_blas}:{os.environ.get('LD_LIBRARY_PATH', '')}"
    return result


@dataclass
class Process:
    """A participant that runs, and waits for lines on its standard input."""

    participant: Participant
    popen: subprocess.Popen[bytes]
    errors: object
    losses: list[float] = field(default_factory=list)
    rest: bytes = b""  # read, but not a line yet

    @classmethod
    def start(cls, participant: Participant, folder: Path, variables: dict[str, str]) -> Process:
        """Starts it and waits for its losses."""
        errors = tempfile.TemporaryFile()
        command = [*participant.command]
        if participant.name != "machine":
            command += [str(folder), str(participant.threads)]
        try:
            popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                                     env=variables, start_new_session=True)
        except OSError as error:
            raise Failure(str(error)) from error
        process = cls(participant, popen, errors)
        try:
            if participant.name != "machine":
                process.losses = [float(word) for word in process.answer("losses", START_SECONDS)]
                process.check_blas()
        except BaseException:
            process.stop()
            raise
        return process

    def answer(self, keyword: str, seconds: float) -> list[str]:
        """The words of its next line, without the first, which has to be that one."""
        words = self.read_line(seconds).split()
        if not words or words[0] != keyword:
            raise Failure(f"expected '{keyword} ...', got '{' '.join(words)[:80]}'")
        return words[1:]

    def read_line(self, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        descriptor = self.popen.stdout.fileno()
        while b"\n" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise Failure(f"no answer within {seconds:.0f} s")
            block = os.read(descriptor, 65536)
            if not block:
                raise Failure(self.last_words())
            self.rest += block
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode()

    def last_words(self) -> str:
        """Of a process that has ended: the last line of its standard error."""
        status = self.popen.wait()
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return f"ended with status {status}" + (f": {lines[-1]}" if lines else "")

    def blas(self) -> str:
        """The file of the BLAS that it has loaded."""
        return openblas.blas_of(self.popen.pid)

    def check_blas(self) -> None:
        if self.participant.blas and openblas.is_reference(self.blas()):
            raise Failure(f"loaded {self.blas()}, which is not OpenBLAS: its figures would not be fair "
                          "(Debian: libopenblas0)")

    def ask(self, seconds: float) -> None:
        try:
            self.popen.stdin.write(f"run {seconds}\n".encode())
            self.popen.stdin.flush()
        except OSError as error:
            raise Failure(self.last_words()) from error

    def steps_per_second(self, seconds: float) -> float:
        """Trains anew for so many seconds."""
        self.ask(seconds)
        steps, _, elapsed = self.answer("steps", seconds + RUN_SECONDS)
        return float(steps) / float(elapsed)

    def machine(self, seconds: float) -> dict[str, float]:
        """What bench_machine measures, by name."""
        self.ask(seconds)
        words = self.answer("machine", seconds + RUN_SECONDS)
        return {name: float(value) for name, value in zip(words[::2], words[1::2])}

    def stop(self) -> None:
        """Lets it end by itself, or ends it."""
        try:
            self.popen.stdin.close()
            self.popen.wait(timeout=2)
        except (OSError, subprocess.TimeoutExpired, KeyboardInterrupt):
            self.popen.kill()
            self.popen.wait()
        self.popen.stdout.close()
        self.errors.close()
