"""Hourglass in gdb: matrices as tables, layers and a workspace by name, the command `hg` to walk through a training
step and to look at its numbers, and a `step` that leads from equation to equation.

Load it with `source tools/gdb/hourglass.py`; see README.md beside this file.
"""

import os
import sys

import gdb

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from hourglass_adapter import GdbDebugger, GdbValue
from hourglass_debugger import commands, values
from hourglass_debugger.tables import matrix_table
from hourglass_debugger.values import Complaint
from hourglass_printers import Printers, Views
from skipped_functions import SKIPPED


def run(name, argument):
    try:
        commands.run(name, argument)
    except Complaint as complaint:
        raise gdb.GdbError(str(complaint)) from None


class Hg(gdb.Command):
    """Commands of Hourglass, for looking at a training step: hg alone lists them."""

    def __init__(self):
        super().__init__("hg", gdb.COMMAND_DATA, gdb.COMPLETE_COMMAND, True)

    def invoke(self, argument, from_tty):
        name, _, rest = argument.strip().partition(" ")
        run(name, rest)


class One(gdb.Command):
    """One of them, also under its name alone where it has that from before there was hg."""

    def __init__(self, full_name, name):
        self.__doc__ = commands.help_of(name) if name != "help" else "hg help [NAME]: what hg can do."
        self.name = name
        super().__init__(full_name, gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        run(self.name, argument.strip())


class At(gdb.Function):
    """$at(MATRIX, i, j): one element, for expressions and for the conditions of breakpoints."""

    def __init__(self):
        super().__init__("at")

    def invoke(self, matrix, i, j):
        value = GdbValue(matrix).plain()
        if not values.is_matrix(value):
            raise gdb.GdbError("$at: expected a Matrix, got a %s" % matrix.type)
        try:
            table = matrix_table(value)
            i, j = int(i), int(j)
            if not (0 <= i < table.rows and 0 <= j < table.cols):
                raise gdb.GdbError("$at: [%d,%d] is outside of %s" % (i, j, table.shape()))
            return table.at(i, j)
        except values.Unreadable as error:
            raise gdb.GdbError("$at: the matrix is uninitialized") from error


class LayerOf(gdb.Function):
    """$layer(NETWORK, l): layer l, counted from 1, as the kind that it is: `pm $layer(model, 4).dW`."""

    def __init__(self):
        super().__init__("layer")

    def invoke(self, network, l):
        value = GdbValue(network).plain()
        if not value.is_a("hourglass::Network"):
            raise gdb.GdbError("$layer: expected a Network, got a %s" % network.type)
        try:
            all_layers, l = values.layers(value), int(l)
        except Exception as error:
            raise gdb.GdbError("$layer: the network is uninitialized") from error
        if not 1 <= l <= len(all_layers):
            raise gdb.GdbError("$layer: there is no layer %d, but 1 to %d" % (l, len(all_layers)))
        return all_layers[l - 1].raw


def skip_between_equations():
    """`step` passes over what is in skipped_functions.py; `info skip` lists it, `skip disable` brings it back."""
    if SKIPPED[-1] not in gdb.execute("info skip", to_string=True):  # else they stand there already
        for name in SKIPPED:
            gdb.execute("skip -rfu ^%s[(<]" % name, to_string=True)


# ---- info locals in one screen -----------------------------------------------------------------------

BRIEF = {"print pretty": "off", "print elements": "6", "print max-depth": "0"}
before = {}  # what these were


def be_brief(on):
    """For the time of one `info locals`: a line for each variable."""
    if on == Views.brief:
        return
    Views.brief = on
    for name, value in BRIEF.items():
        if on:
            shown = gdb.parameter(name)
            before[name] = {True: "on", False: "off", None: "unlimited"}.get(shown, shown)
        gdb.execute("set %s %s" % (name, value if on else before[name]), to_string=True)


def hook_info_locals():
    gdb.execute("define info hook-locals\npython be_brief(True)\nend", to_string=True)
    gdb.execute("define info hookpost-locals\npython be_brief(False)\nend", to_string=True)
    gdb.events.before_prompt.connect(lambda: be_brief(False))  # where it ended with an error


def runs_in_ide():
    """Is there a program that speaks MI on the other side, such as VS Code or CLion?"""
    try:
        with open("/proc/self/cmdline", "rb") as file:
            words = file.read().decode(errors="replace").split("\0")
    except OSError:
        return False
    return any("interpreter" in word and "mi" in word or word in ("-i=mi", "mi", "mi2", "mi3") for word in words)


values.use(GdbDebugger())
Views.unfold = runs_in_ide()
gdb.pretty_printers[:] = [p for p in gdb.pretty_printers if getattr(p, "name", "") != "hourglass"]
gdb.pretty_printers.insert(0, Printers())
Hg()
for each in ("help", *commands.COMMANDS):
    One("hg " + each, each)
for each in ("shapes", "pm", "glyph"):
    One(each, each)
At()
LayerOf()
gdb.execute("set print pretty on")  # a line for each matrix of a workspace
hook_info_locals()
skip_between_equations()
