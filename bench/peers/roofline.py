#!/usr/bin/python3
"""roofline.py OUT/results.json: draws OUT/roofline.png with gnuplot, from OUT/roofline.gp beside it.

A point is a program on a workload: how fast it computes, over how many operations the workload has for
each byte it has to move. The roofs are what the machine allows, as bench_machine measured it: the rate of
multiply-adds, and the bandwidth of each level of memory times the operations a byte.

Operations of a step: those that peers.py counts. Bytes: 28 for each parameter (Adam reads w, its gradient, m
and v, and writes w, m and v) and 28 for each activation of the batch (A is written and read three times,
its gradient written and read twice)."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from math import atan, degrees, log10
from pathlib import Path

# Of each program, in the order of the legend: colour, gnuplot's point type, size. One thread each, as the
# roofs are for one.
MARKS = {
    "hourglass": ("#c0392b", 7, 2.6),
    "eigen": ("#1f77b4", 8, 1.7),
    "eigen_openblas": ("#1f77b4", 9, 1.7),
    "eigen_blis": ("#1f77b4", 11, 1.7),
    "pytorch": ("#e67e22", 4, 1.5),
    "pytorch_manual": ("#a0622d", 12, 1.7),
    "numpy": ("#2e8b57", 13, 1.8),
    "sklearn": ("#7f7f7f", 2, 1.5),
}
# Name, label, and whether it stands above or below its line: L2 and L3 may be close.
ROOFS = [("l2_gbs", "L2", 1.28), ("l3_gbs", "L3", 1 / 1.28), ("dram_gbs", "memory", 1 / 1.28)]


def intensity(workload: dict) -> float:
    """Operations of a step for each byte that it moves."""
    activations = workload["batch"] * sum(workload["widths"])
    return 1e9 * workload["gigaflop"] / (28 * (workload["parameters"] + activations))


def positions(workloads: dict[str, dict]) -> dict[str, float]:
    """Where each workload stands: at its intensity, but those that would overlap a little apart."""
    result: dict[str, float] = {}
    last = 0.0
    for name in sorted(workloads, key=lambda name: intensity(workloads[name])):
        x = max(intensity(workloads[name]), 1.32 * last)
        result[name] = last = x
    return result


def machine_of(workloads: dict[str, dict]) -> dict[str, float]:
    """The medians over the workloads; empty if bench_machine did not run."""
    known = [workload["machine"] for workload in workloads.values() if workload["machine"]]
    return {name: statistics.median(one[name] for one in known) for name in known[0]} if known else {}


WIDTH, HEIGHT = 1200, 800
LEFT, RIGHT, BOTTOM, TOP = 0.08, 0.755, 0.165, 0.91  # of the plot, in parts of the picture


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def roof_lines(machine: dict[str, float], x: tuple[float, float], y: tuple[float, float]) -> list[str]:
    """A line and a label for each roof."""
    peak = machine["fma_gflops"]
    plot_width, plot_height = WIDTH * (RIGHT - LEFT), HEIGHT * (TOP - BOTTOM)
    slope = degrees(atan(plot_height / log10(y[1] / y[0]) / (plot_width / log10(x[1] / x[0]))))
    lines = []
    for name, label, side in ROOFS:
        bandwidth = machine[name]
        start, ridge = max(x[0], y[0] / bandwidth), min(peak / bandwidth, x[1])
        lines.append(f"set arrow from {start:.6g},{start * bandwidth:.6g} "
                     f"to {ridge:.6g},{ridge * bandwidth:.6g} nohead lw 2 lc rgb '#444444' dt 2")
        at = 1.15 * start
        lines.append(f"set label {quoted(f'{label}  {bandwidth:.0f} GB/s')} "
                     f"at {at:.6g},{side * at * bandwidth:.6g} "
                     f"rotate by {slope:.1f} left tc rgb '#444444'")
    start = min(peak / max(machine[name] for name, _, _ in ROOFS), x[1])
    lines.append(f"set arrow from {start:.6g},{peak:.6g} to {x[1]:.6g},{peak:.6g} "
                 "nohead lw 2 lc rgb '#444444'")
    lines.append(f"set label {quoted(f'multiply-adds  {peak:.0f} GFLOP/s')} "
                 f"at {x[1] / 1.05:.6g},{1.24 * peak:.6g} right tc rgb '#444444'")
    return lines


def rates_of(workloads: dict[str, dict], at: dict[str, float]) -> dict[str, list[tuple[float, float]]]:
    """The points of each program that has some."""
    rates = {
        program: [(at[name], workload["gigaflop"] * workload["median"][program])
                  for name, workload in workloads.items() if program in workload["median"]]
        for program in MARKS
    }
    return {program: points for program, points in rates.items() if points}


def frame(results: dict, x: tuple[float, float], y: tuple[float, float]) -> list[str]:
    """Everything around the points."""
    titles = ", ".join(f"{name} {workload['title']}" for name, workload in results["workloads"].items())
    caption = (f"{titles}.  {results['processor']}, one thread.\\nFLOP: of the products, without the first layer's dX.  "
               "Bytes: 28 a parameter (Adam), 28 an activation.  "
               "Neighbours are set a little apart.")
    return [
        f"set terminal pngcairo size {WIDTH},{HEIGHT} font 'sans,14'",
        "set output 'roofline.png'",
        "set encoding utf8",
        f"set lmargin at screen {LEFT}; set rmargin at screen {RIGHT}",
        f"set bmargin at screen {BOTTOM}; set tmargin at screen {TOP}",
        "set logscale xy",
        f"set xrange [{x[0]:.6g}:{x[1]:.6g}]; set yrange [{y[0]:.6g}:{y[1]:.6g}]",
        "set xtics (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)",
        "set ytics (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)",
        "set xlabel 'operations a byte moved (FLOP/byte)'",
        "set ylabel 'operations a second (GFLOP/s)'",
        "set title 'How near a training step comes to what the machine allows' font ',17'",
        "set key at screen 0.775, screen 0.90 left top Left reverse spacing 1.5 samplen 1.5",
        f'set label "{caption}" at screen 0.02, screen 0.055 left noenhanced font \',12\' tc rgb \'#444444\'',
    ]


def columns(workloads: dict[str, dict], at: dict[str, float], y: tuple[float, float]) -> list[str]:
    """A line for each workload, and its name above Hourglass's point."""
    lines = []
    for name in at:
        lines.append(f"set arrow from {at[name]:.6g},{y[0]:.6g} to {at[name]:.6g},{y[1]:.6g} "
                     "nohead lc rgb '#e4e4e4' back")
        if "hourglass" in workloads[name]["median"]:
            rate = workloads[name]["gigaflop"] * workloads[name]["median"]["hourglass"]
            lines.append(f"set label {quoted(name)} at {at[name]:.6g},{rate:.6g} center offset 0,0.8 front "
                         f"font 'sans-Bold,13' tc rgb '{MARKS['hourglass'][0]}'")
    return lines


def script(results: dict) -> str:
    """The whole picture, for gnuplot."""
    workloads, labels = results["workloads"], results["labels"]
    at = positions(workloads)
    rates = rates_of(workloads, at)
    machine = machine_of(workloads)
    every = [rate for points in rates.values() for _, rate in points]
    x = (min(at.values()) / 6, max(at.values()) * 2.2)
    y = (min(every) / 2, 2.2 * max([*every, *([machine["fma_gflops"]] if machine else [])]))
    lines = frame(results, x, y) + (roof_lines(machine, x, y) if machine else [])
    lines += columns(workloads, at, (y[0], machine["fma_gflops"] if machine else y[1]))
    for program, points in rates.items():
        rows = "\n".join(f"{where:.6g} {rate:.6g}" for where, rate in points)
        lines.append(f"${program} << EOD\n{rows}\nEOD")
    plots = []
    for program in reversed(rates):  # Hourglass last, on top
        color, kind, size = MARKS[program]
        plots.append(f"${program} with points pt {kind} ps {size} lw 2 lc rgb '{color}' notitle")
    for program in rates:
        color, kind, size = MARKS[program]
        plots.append(f"NaN with points pt {kind} ps {size} lw 2 lc rgb '{color}' "
                     f"title {quoted(labels[program])}")
    lines.append("plot " + ", \\\n     ".join(plots))
    return "\n".join(lines) + "\n"


def draw(path: Path) -> None:
    """From results.json, into the folder that it stands in."""
    results = json.loads(path.read_text(encoding="utf-8"))
    if not any(workload["median"] for workload in results["workloads"].values()):
        return
    (path.parent / "roofline.gp").write_text(script(results), encoding="utf-8")
    if shutil.which("gnuplot") is None:
        print("no gnuplot, so no picture (Debian: gnuplot-nox)", file=sys.stderr)
        return
    drawn = subprocess.run(["gnuplot", "roofline.gp"], cwd=path.parent, check=False)
    if drawn.returncode == 0:
        print(f"wrote {path.parent}/roofline.png")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    draw(Path(sys.argv[1]))
