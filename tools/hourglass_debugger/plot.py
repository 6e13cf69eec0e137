"""`hg plot`: the weights of neurons as pictures, in characters or by gnuplot."""

import math
import os
import re
import subprocess

from hourglass_debugger.terms import Window
from hourglass_debugger.tables import LEGEND, picture, screen_width, side_by_side, table_of
from hourglass_debugger.values import Complaint, Place, class_name, find

GRAY = "set palette defined (-1 '#2166ac', 0 'white', 1 '#b2182b')"
MOST = 64  # rows that one look takes in


def plot(text):
    """hg plot TENSOR[ROW] [FILE]: a neuron's weights, or all of them, as pictures of what it looks at.

    35 numbers are 5x7 pixels, the filter of a convolution is its window, channel by channel; other rows are
    squares where they can be. hg plot W[3] draws in characters, hg plot W w.png by gnuplot (also svg and pdf)."""
    found = re.fullmatch(r"(\S+?)(?:\[(\d+)\])?(?:\s+(\S+\.(?:png|svg|pdf)))?", text.strip())
    if not found:
        raise Complaint("hg plot: expected a tensor, such as W or W[3], and a file, got '%s'" % text)
    name, row, path = found.group(1), found.group(2), found.group(3)
    table = table_of(find(name), name)
    if table.size() == 0:
        raise Complaint("%s is empty" % name)
    if row is not None and int(row) >= table.rows:
        raise Complaint("%s has no row %s: it is %s" % (name, row, table.shape()))
    rows = [int(row)] if row is not None else range(min(table.rows, MOST))
    parts = [part for i in rows for part in pictures_of("%s[%d]" % (name, i), table.row(i), layer_of(name))]
    largest = max((abs(x) for _, _, numbers in parts for x in numbers if math.isfinite(x)), default=0)
    if path:
        draw(path, parts, largest, name)
        print("wrote " + path)
        return
    print("\n".join(side_by_side([(title, picture(numbers, width, largest)) for title, width, numbers in parts],
                                 screen_width())))
    print(LEGEND % (largest, largest))
    if row is None and table.rows > MOST:
        print("the first %d of %d rows" % (MOST, table.rows))


def layer_of(name):
    """The layer whose W or dW is drawn, if it is one of the network."""
    place = Place()
    owner, _, tensor = name.rpartition(".")
    l = place.number_of(owner) if owner else place.l
    return place.layers[l - 1] if l and tensor in ("W", "dW") else None


def pictures_of(title, numbers, layer):
    """Of one row: pictures with their titles and widths, one for each channel of a filter."""
    if layer is not None and class_name(layer) in ("Convolution", "TransposedConvolution"):
        window = Window(layer["window"])
        several = window.channels > 1
        return [(title + (" c%d" % c if several else ""), window.cols, numbers[c::window.channels])
                for c in range(window.channels)]
    return [(title, width_of(len(numbers)), numbers)]


def width_of(size):
    """How wide a picture of so many pixels is: a letter is 5x7, others are square if they can be."""
    side = math.isqrt(size)
    return 5 if size == 35 else side if side * side == size and size > 4 else min(size, 32)


def draw(path, parts, largest, name):
    """Each picture a panel of one sheet, white where a weight is 0."""
    program = os.environ.get("HOURGLASS_GNUPLOT", "gnuplot")
    terminal = {"png": "pngcairo size 900,900", "svg": "svg size 900,900", "pdf": "pdfcairo"}[path.rpartition(".")[2]]
    across = math.ceil(math.sqrt(len(parts)))
    down = math.ceil(len(parts) / across)
    script = ["set terminal %s noenhanced" % terminal, "set output '%s'" % path.replace("'", "''"), GRAY,
              "set cbrange [%g:%g]" % (-(largest or 1), largest or 1), "unset key; unset xtics; unset ytics",
              "set size ratio -1; set yrange [] reverse; unset colorbox",
              "set multiplot layout %d,%d title '%s: red above 0, blue below, up to %.3g'" % (
                  down, across, name, largest)]
    for title, width, numbers in parts:
        script += ["set title '%s'" % title, "plot '-' matrix with image"]
        script += [" ".join("%g" % x for x in numbers[at:at + width]) for at in range(0, len(numbers), width)]
        script.append("e")
    script.append("unset multiplot")
    try:
        subprocess.run([program], input="\n".join(script) + "\n", text=True, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Complaint("hg plot: gnuplot could not draw %s" % path) from error
