"""Hourglass in gdb: matrices as tables, layers and a workspace by name, commands to look at a batch, and a
`step` that leads from equation to equation.

Load it with `source tools/gdb/hourglass.py`; see README.md beside this file.
"""

import os
import sys

import gdb

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from hourglass_printers import Printers, WorkspacePrinter
from hourglass_values import ERRORS, Unreadable, class_of, is_a, layers, matrix_table, plain, table_of
from skipped_functions import SKIPPED


class Shapes(gdb.Command):
    """shapes WORKSPACE: the shapes of Z, A, dZ, dA and of what a layer keeps. Layer 0 is the input."""

    def __init__(self):
        super().__init__("shapes", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        value = plain(gdb.parse_and_eval(argument or "ws"))
        if class_of(value) != "hourglass::Workspace":
            raise gdb.GdbError("%s is a %s; expected a Workspace" % (argument, value.type))
        workspace = WorkspacePrinter(value)
        try:
            columns = [workspace.matrices(name) for name in workspace.NAMES]
            kept = workspace.kept()
        except (Unreadable, *ERRORS) as error:
            raise gdb.GdbError("%s is uninitialized" % argument) from error
        print("layer" + "".join("%10s" % name for name in workspace.NAMES))
        for layer, matrices in enumerate(zip(*columns)):
            print("%5d" % layer + "".join("%10s" % self.shape(matrix) for matrix in matrices) +
                  "".join("  %s %s" % (name, self.shape(matrix)) for name, matrix in kept[layer]))

    @staticmethod
    def shape(matrix):
        try:
            table = matrix_table(matrix)
        except Unreadable:
            return "?"
        return table.shape() if table.rows * table.cols > 0 else "-"


class PrintMatrix(gdb.Command):
    """pm EXPRESSION: all of a Matrix, Vector or span, as a table with four significant digits."""

    def __init__(self):
        super().__init__("pm", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        kind, table = table_of(argument)
        try:
            lines = table.all_lines()
        except Unreadable as error:
            raise gdb.GdbError("%s is uninitialized" % argument) from error
        print("\n".join(["%s %s" % (kind, table.shape() if kind == "Matrix" else table.cols)] + lines))


class Glyph(gdb.Command):
    """glyph EXPRESSION [ROW]: a row of 35 pixels as 7 lines of 5, '#' where the value is above 0."""

    def __init__(self):
        super().__init__("glyph", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        expression, _, row = argument.rpartition(" ")
        if not expression:
            expression, row = row, "0"
        _, table = table_of(expression)
        row = int(gdb.parse_and_eval(row))
        if not 0 <= row < table.rows:
            raise gdb.GdbError("%s has no row %d: it is %s" % (expression, row, table.shape()))
        if table.cols != 35:
            raise gdb.GdbError("%s is %s; expected 35 columns" % (expression, table.shape()))
        pixels = table.row(row)
        for i in range(0, 35, 5):
            print("".join("#" if pixel > 0 else "." for pixel in pixels[i:i + 5]))


class At(gdb.Function):
    """$at(MATRIX, i, j): one element, for expressions and for the conditions of breakpoints."""

    def __init__(self):
        super().__init__("at")

    def invoke(self, matrix, i, j):
        value = plain(matrix)
        if class_of(value) != "hourglass::Matrix":
            raise gdb.GdbError("$at: expected a Matrix, got a %s" % matrix.type)
        try:
            table = matrix_table(value)
            i, j = int(i), int(j)
            if not (0 <= i < table.rows and 0 <= j < table.cols):
                raise gdb.GdbError("$at: [%d,%d] is outside of %s" % (i, j, table.shape()))
            return table.row(i, j, 1)[0]
        except Unreadable as error:
            raise gdb.GdbError("$at: the matrix is uninitialized") from error


class LayerOf(gdb.Function):
    """$layer(NETWORK, l): layer l, counted from 1, as the kind that it is: `pm $layer(model, 4).dW`."""

    def __init__(self):
        super().__init__("layer")

    def invoke(self, network, l):
        value = plain(network)
        if not is_a(value, "hourglass::Network"):
            raise gdb.GdbError("$layer: expected a Network, got a %s" % network.type)
        try:
            all_layers, l = layers(value), int(l)
        except (Unreadable, *ERRORS) as error:
            raise gdb.GdbError("$layer: the network is uninitialized") from error
        if not 1 <= l <= len(all_layers):
            raise gdb.GdbError("$layer: there is no layer %d, but 1 to %d" % (l, len(all_layers)))
        return all_layers[l - 1]


def skip_between_equations():
    """`step` passes over what is in skipped_functions.py; `info skip` lists it, `skip disable` brings it back."""
    if SKIPPED[-1] not in gdb.execute("info skip", to_string=True):  # else they stand there already
        for name in SKIPPED:
            gdb.execute("skip -rfu ^%s[(<]" % name, to_string=True)


gdb.pretty_printers[:] = [p for p in gdb.pretty_printers if getattr(p, "name", "") != "hourglass"]
gdb.pretty_printers.insert(0, Printers())
for addition in (Shapes, PrintMatrix, Glyph, At, LayerOf):
    addition()
gdb.execute("set print pretty on")  # a line for each matrix of a workspace
skip_between_equations()
