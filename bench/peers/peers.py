#!/usr/bin/python3
"""Trains the same networks with Hourglass, Eigen, PyTorch, NumPy and scikit-learn, side by side.

For each workload every program is started once and trains 20 steps, whose losses have to agree. Then each
in turn trains for a moment, in rounds, each round in another order: whatever else the machine does in the
meantime meets all of them. Ratios are the median over the rounds of the ratio within a round.

The floor of a step is the time that its multiply-adds take at the machine's best rate, or Adam's numbers
at the bandwidth of the cache that holds them, whichever is longer; bench_machine measures both.

Exit status: 0 done, 1 a program failed or trained differently and was left out, 2 bad usage, 130 Ctrl-C.
A program that is not there to be started is left out too, and is no failure."""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import openblas
import roofline
from running import (Failure, Participant, Process, all_participants, environment, openmp_openblas,
                     why_missing)

WORKLOADS = ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8"]
OURS = ["hourglass", "hourglass_2"]
ALL_LAYERS = [*OURS, "machine", "pytorch", "pytorch_2", "pytorch_plain"]  # who has more than dense layers
TOLERANCE = 1e-3  # relative, of the losses of different programs at the same step
PAUSE = 0.05  # between two runs, for threads that still wait for work to fall asleep


def level_of(size: int) -> str:
    """The innermost memory behind L1 that holds so many bytes: l2, l3 or dram."""
    for level, default in (("l2", 1 << 20), ("l3", 32 << 20)):
        if size <= (cache_size(int(level[1])) or default):
            return level
    return "dram"


def cache_size(level: int) -> int:
    """Of the first core's cache of that level, in bytes, where Linux tells it; 0 where it does not."""
    for cache in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"):
        try:
            if (cache / "level").read_text(encoding="utf-8").strip() == str(level):
                return int((cache / "size").read_text(encoding="utf-8").strip().removesuffix("K")) << 10
        except (OSError, ValueError):
            pass
    return 0


@dataclass
class Result:
    """Of one workload."""

    description: dict
    core: str  # the kernels of OpenBLAS
    deviation: float = 0  # the largest of any loss, relative
    speeds: dict[str, list[float]] = field(default_factory=dict)  # steps per second, by round
    machine: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)  # participants that were started in vain

    @property
    def parameters(self) -> int:
        return self.description["parameters"]

    @property
    def gigaflop(self) -> float:
        """Of a step."""
        return 2e-9 * self.description["multiply_adds"] * self.description["batch"]

    def median(self, name: str) -> float:
        return statistics.median(self.speeds[name])

    def ratio(self, name: str, over: str) -> float | None:
        """The median over the rounds of one speed over another."""
        if name not in self.speeds or over not in self.speeds:
            return None
        pairs = zip(self.speeds[name], self.speeds[over])
        return statistics.median(one / other for one, other in pairs)

    def better(self, *names: str) -> str | None:
        """Whichever is faster."""
        present = [name for name in names if name in self.speeds]
        return max(present, key=self.median, default=None)

    def summary(self) -> dict[str, float | str | None]:
        """The figures that the benchmark is about."""
        eigen = self.better("eigen", "eigen_openblas", "eigen_blis")
        peers = self.better(*(name for name in self.speeds if name not in OURS and not name.endswith("_2")))
        torch = self.better("pytorch", "pytorch_2")
        floor = self.floor()
        return {
            "best_peer": peers,
            "over_best_peer": self.ratio("hourglass", peers) if peers else None,
            "better_eigen": eigen,
            "over_better_eigen": self.ratio("hourglass", eigen) if eigen else None,
            "better_pytorch": torch,
            "over_better_pytorch": self.ratio("hourglass", torch) if torch else None,
            "two_threads_over_one": self.ratio("hourglass_2", "hourglass"),
            "floor_seconds": floor,
            "share_of_floor":
                floor * self.median("hourglass") if floor and "hourglass" in self.speeds else None,
        }

    def floor(self) -> float | None:
        """Seconds that a step takes at least."""
        if not self.machine:
            return None
        bandwidth = self.machine[f"{level_of(16 * self.parameters)}_gbs"]
        return max(self.gigaflop / self.machine["fma_gflops"], 28e-9 * self.parameters / bandwidth)


def say(*words: object) -> None:
    print(*words, file=sys.stderr, flush=True)


def parse_arguments() -> argparse.Namespace:
    def names(text: str) -> list[str]:
        return [name for name in text.split(",") if name]

    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True,
                        help="the folder of a build with HOURGLASS_BENCH")
    parser.add_argument("--out", type=Path, default=Path("out/bench"),
                        help="for results (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each program in a round")
    parser.add_argument("--only", type=names, default=WORKLOADS, metavar="W1,...", help="these workloads")
    parser.add_argument("--peers", type=names, metavar="eigen,...",
                        help="these, beside Hourglass: eigen, eigen_openblas, eigen_blis, eigen_blis_2, "
                        "pytorch, pytorch_2, pytorch_plain, pytorch_manual, numpy, sklearn")
    parser.add_argument("--openmp-blas", type=Path, default=openmp_openblas(), metavar="FOLDER",
                        help="of OpenBLAS for OpenMP, for PyTorch with 2 threads (Debian: "
                        "libopenblas0-openmp; default: %(default)s)")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.only if name not in WORKLOADS]:
        parser.error(f"--only: expected some of {','.join(WORKLOADS)}, got {','.join(unknown)}")
    if arguments.rounds < 1 or not arguments.seconds > 0:
        parser.error("--rounds and --seconds have to be above 0")
    return arguments


def choose_participants(arguments: argparse.Namespace) -> list[Participant]:
    """Those that were asked for and can be started."""
    everyone = all_participants(arguments.build.resolve())
    wanted = arguments.peers if arguments.peers is not None else [p.name for p in everyone]
    if unknown := set(wanted) - {p.name for p in everyone}:
        say(f"peers.py: --peers: there is no {', '.join(sorted(unknown))}")
        sys.exit(2)
    chosen = []
    for participant in everyone:
        if participant.name in [*OURS, "machine", *wanted]:
            if reason := why_missing(participant):
                say(f"{participant.label}: left out: {reason}")
            else:
                chosen.append(participant)
    return chosen


def export(arguments: argparse.Namespace) -> Path:
    """Has Hourglass write the workloads."""
    folder = arguments.out / "workloads"
    folder.mkdir(parents=True, exist_ok=True)
    program = arguments.build / "bench" / "bench_steps"
    try:
        subprocess.run([program, "--export", folder, "--only", ",".join(arguments.only)], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"peers.py: the workloads cannot be written: {error}")
    return folder


def start_all(participants: list[Participant], folder: Path, kernels: dict[str, str],
              arguments: argparse.Namespace, stack: ExitStack, result: Result) -> list[Process]:
    """Starts what can be started; whatever happens, `stack` stops it."""
    processes = []
    for participant in participants:
        variables = environment(participant, kernels, arguments.openmp_blas)
        try:
            process = Process.start(participant, folder, variables)
        except (Failure, ValueError) as failure:
            say(f"{participant.label}: left out: {failure}")
            result.failed.append(participant.name)
            continue
        stack.callback(process.stop)
        processes.append(process)
    return processes


def deviation(losses: list[float], reference: list[float]) -> float:
    """The largest relative one at any step."""
    if len(losses) != len(reference):
        return float("inf")
    return max(abs(loss - right) / abs(right) for loss, right in zip(losses, reference))


def check_losses(processes: list[Process], result: Result) -> list[Process]:
    """Those whose losses are those of the first program, Hourglass with one thread."""
    agreeing = []
    for process in processes:
        if process.losses:
            off = deviation(process.losses, processes[0].losses)
            if not off <= TOLERANCE:
                say(f"{process.participant.label}: left out: its losses are off by {off:.2g}")
                result.failed.append(process.participant.name)
                continue
            result.deviation = max(result.deviation, off)
        agreeing.append(process)
    return agreeing


def run_rounds(processes: list[Process], result: Result, arguments: argparse.Namespace) -> None:
    """Fills in the speeds and what the machine can do. What fails is left out of all rounds."""
    machine: list[dict[str, float]] = []
    for round_ in range(arguments.rounds):
        order = processes[:]
        random.Random(round_).shuffle(order)
        for process in order:
            name = process.participant.name
            time.sleep(PAUSE)
            try:
                if name == "machine":
                    machine.append(process.machine(arguments.seconds))
                else:
                    speed = process.steps_per_second(arguments.seconds)
                    result.speeds.setdefault(name, []).append(speed)
            except (Failure, ValueError) as failure:
                say(f"{process.participant.label}: left out: {failure}")
                result.speeds.pop(name, None)
                result.failed.append(name)
                processes.remove(process)
    result.speeds = {process.participant.name: result.speeds[process.participant.name]
                     for process in processes if process.participant.name in result.speeds}
    for name in machine[0] if machine else []:
        result.machine[name] = statistics.median(one[name] for one in machine)


def compare(folder: Path, participants: list[Participant], arguments: argparse.Namespace) -> Result:
    """One workload."""
    description = json.loads((folder / "workload.json").read_text(encoding="utf-8"))
    kernels: dict[str, str] = {}
    core_name = ""
    kinds = {layer.split("(")[0] for layer in description["layers"]}
    if kinds != {"dense"}:
        participants = [participant for participant in participants if participant.name in ALL_LAYERS]
    try:
        if kinds <= {"dense", "sampling"} and any(participant.blas for participant in participants):
            kernels["OPENBLAS_CORETYPE"], seconds = openblas.fastest_core(folder)
            core_name = min(seconds, key=seconds.__getitem__)
        if blis := next((p for p in participants if p.name.startswith("eigen_blis")), None):
            kernels["BLIS_ARCH_TYPE"] = openblas.fastest_blis(Path(blis.command[0]), folder)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        say(f"its own choice of kernels: {error}")
    kernels = {name: value for name, value in kernels.items() if value != openblas.DEFAULT}
    result = Result(description, core_name)
    with ExitStack() as stack:
        processes = start_all(participants, folder, kernels, arguments, stack, result)
        processes = check_losses(processes, result)
        run_rounds(processes, result, arguments)
    return result


def number(value: float) -> str:
    """Three digits or more, and no exponent."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def times(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f}x"


def print_result(result: Result, labels: dict[str, str]) -> None:
    """A table, and the figures below it."""
    description = result.description
    widths = "-".join(map(str, description["widths"]))
    print(f"\n{description['name']} {description['title']}: {widths}, batches of {description['batch']}, "
          f"{result.parameters} parameters")
    print(f"  {'':22}{'steps/s':>10}{'lowest':>10}{'highest':>10}{'GFLOP/s':>9}  Hourglass is")
    for name, speeds in result.speeds.items():
        ratio = result.ratio("hourglass", name) if name != "hourglass" else None
        print(f"  {labels[name]:22}{number(result.median(name)):>10}{number(min(speeds)):>10}"
              f"{number(max(speeds)):>10}{result.gigaflop * result.median(name):>9.1f}"
              f"  {times(ratio) if ratio else ''}")
    summary = result.summary()
    for key, text, which in (("over_best_peer", "best_peer", "the best peer with one thread"),
                             ("over_better_pytorch", "better_pytorch", "the better PyTorch")):
        if summary[key]:
            print(f"  Hourglass over {labels[summary[text]]}, {which}: {times(summary[key])}")
    print(f"  Hourglass with two threads over one: {times(summary['two_threads_over_one'])}")
    if summary["share_of_floor"]:
        print(f"  floor {1e6 * summary['floor_seconds']:.4g} us a step; "
              f"Hourglass runs at {summary['share_of_floor']:.0%} of what it allows")
    print(f"  losses of 20 steps agree to {result.deviation:.1e}; OpenBLAS: {result.core or '-'}", flush=True)


def processor() -> str:
    """Its name, where Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def write_results(path: Path, results: list[Result], labels: dict[str, str],
                  arguments: argparse.Namespace) -> None:
    """All figures, for roofline.py and for later."""
    workloads = {
        result.description["name"]: {
            **result.description,
            "parameters": result.parameters,
            "gigaflop": result.gigaflop,
            "openblas_kernels": result.core,
            "largest_loss_deviation": result.deviation,
            "machine": result.machine,
            "steps_per_second": result.speeds,
            "median": {name: result.median(name) for name in result.speeds},
            "hourglass_over": {name: result.ratio("hourglass", name) for name in result.speeds},
            **result.summary(),
        }
        for result in results
    }
    content = {"processor": processor(), "rounds": arguments.rounds, "seconds": arguments.seconds,
               "labels": labels, "workloads": workloads}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def write_csv(path: Path, results: list[Result]) -> None:
    """One line a run."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["workload", "participant", "round", "steps_per_second"])
        for result in results:
            for name, speeds in result.speeds.items():
                for round_, speed in enumerate(speeds, 1):
                    writer.writerow([result.description["name"], name, round_, f"{speed:.6g}"])


def main() -> int:
    arguments = parse_arguments()
    participants = choose_participants(arguments)
    labels = {participant.name: participant.label for participant in participants}
    folder = export(arguments)
    if not arguments.openmp_blas and "pytorch_2" in labels:
        say("PyTorch, 2 threads: would be faster with OpenBLAS for OpenMP (Debian: libopenblas0-openmp)")
    if (load := os.getloadavg()[0]) > 0.5:
        say(f"this machine is busy with something else (load {load:.1f}): speeds will vary, those with 2 "
            "threads most")
    results = []
    for name in arguments.only:
        results.append(compare(folder / name, participants, arguments))
        print_result(results[-1], labels)
    write_results(arguments.out / "results.json", results, labels, arguments)
    write_csv(arguments.out / "peers.csv", results)
    print(f"\nwrote {arguments.out}/results.json and peers.csv")
    roofline.draw(arguments.out / "results.json")
    return 1 if any(result.failed for result in results) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
