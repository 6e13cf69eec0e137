"""Hourglass in lldb: matrices as tables, layers and a workspace by name, the command `hg` to walk through a
training step and to look at its numbers, and a `step` that leads from equation to equation.

Load it with `command script import tools/lldb/hourglass.py`; see ../gdb/README.md.
"""

import contextlib
import io
import os
import sys

import lldb

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from hourglass_adapter import LldbDebugger, LldbValue
from hourglass_debugger import commands, texts, values
from hourglass_debugger.tables import Table, matrix_table
from hourglass_debugger.values import Complaint, class_name
from skipped_functions import SKIPPED

KINDS = ("Dense", "Convolution", "TransposedConvolution", "MaxPool", "AveragePool", "Upsample", "BatchNorm",
         "Dropout", "Sampling", "Layer")


def safely(text):
    """A summary: what text(value) says, or that there is none of this class (yet)."""
    def summary(raw, _):
        try:
            value = LldbValue(raw).plain()
        except Exception:  # pylint: disable=broad-except
            return "<uninitialized>"
        try:
            return text(value)
        except Exception:  # pylint: disable=broad-except
            return class_name(value) + " <uninitialized>"
    return summary


def matrix_text(value):
    table = matrix_table(value)
    return "\n".join(["Matrix " + table.shape()] + table.lines())


def vector_text(value):
    table = Table(value)
    return "\n".join(["Vector %d" % table.cols] + table.lines())


def layer_text(value):
    layer = value.dynamic()
    return "\n".join([texts.layer_text(layer)] +
                     ["  %s = %s" % (name, texts.tensor_text(one)) for name, one in values.tensors(layer)])


def workspace_text(value):
    return "\n".join([texts.workspace_text(value)] +
                     ["  %s = %s" % (name, texts.tensor_text(one)) for name, one in texts.workspace_matrices(value)])


def parameter_text(value):
    numbers, gradient = texts.parameter_tables(value)
    after = gradient.lines() if gradient else ["none: it is not trained"]
    return "\n".join([texts.parameter_text(value)] + numbers.lines() + ["gradient"] + after)


def network_text(value):
    return "\n".join(texts.network_lines(value))


matrix, vector, layer = safely(matrix_text), safely(vector_text), safely(layer_text)
workspace, network, parameter = safely(workspace_text), safely(network_text), safely(parameter_text)
one_pass, training = safely(texts.pass_text), safely(texts.training_text)
activation, shape, window = safely(texts.activation_text), safely(texts.shape_text), safely(texts.window_text)

SUMMARIES = {
    "^hourglass::Matrix$": "matrix",
    "^(hourglass::Vector|std::vector<(float|double), ?hourglass::AlignedAllocator<.*)$": "vector",
    "^hourglass::(%s)$" % "|".join(KINDS): "layer",
    "^hourglass::(Network|Autoencoder)$": "network",
    "^hourglass::Workspace$": "workspace",
    "^hourglass::Parameter$": "parameter",
    "^hourglass::Pass$": "one_pass",
    "^hourglass::Training$": "training",
    "^hourglass::Activation$": "activation",
    "^hourglass::ImageShape$": "shape",
    "^hourglass::Window$": "window",
}


def execute(name, argument, result):
    """Runs a command; what it prints is the command's result."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            commands.run(name, argument)
    except Complaint as complaint:
        print("error: " + str(complaint), file=said)  # not the result's: a list of commands would end there
    text = said.getvalue().rstrip("\n")
    if text:
        result.AppendMessage(text)


def hg(debugger, command, result, _):
    """Commands of Hourglass, for looking at a training step: hg alone lists them."""
    name, _, rest = command.strip().partition(" ")
    execute(name, rest.strip(), result)


def pm(debugger, command, result, _):
    """hg pm"""
    execute("pm", command.strip(), result)


def shapes(debugger, command, result, _):
    """hg shapes"""
    execute("shapes", command.strip(), result)


def glyph(debugger, command, result, _):
    """hg glyph"""
    execute("glyph", command.strip(), result)


def on_watch(frame, _location, _):
    """Asked wherever a watch is: stops the program by anything but False."""
    try:
        frame.GetThread().SetSelectedFrame(0)
        reason = LldbDebugger.found()
    except Exception:  # pylint: disable=broad-except  # nothing there that can be judged
        return False
    if reason:
        print(reason)
    return bool(reason)


def __lldb_init_module(debugger, _):
    adapter = LldbDebugger(debugger)
    adapter.callback = __name__ + ".on_watch"
    values.use(adapter)
    for kind, function in SUMMARIES.items():
        debugger.HandleCommand("type summary add -F %s.%s -x '%s'" % (__name__, function, kind))
    for name in ("hg", "pm", "shapes", "glyph"):
        debugger.HandleCommand("command script add -f %s.%s %s" % (__name__, name, name))
    # Where it stops, without what the function was given: that has tables.
    debugger.HandleCommand(r'settings set frame-format "frame #${frame.index}: ${function.name-without-args}'
                           r' at ${line.file.basename}:${line.number}\n"')
    debugger.HandleCommand("settings set target.process.thread.step-avoid-regexp ^(%s)([<(].*)?$"
                           % "|".join(SKIPPED))
