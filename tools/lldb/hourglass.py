"""Hourglass in lldb: a line for each matrix, layer and workspace, and a `step` that leads from equation to
equation. Load it with `command script import tools/lldb/hourglass.py`.
"""

import os
import sys

import lldb

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from skipped_functions import SKIPPED

FIRST = 6  # numbers that a summary shows


def number(value, member):
    return value.GetChildMemberWithName(member).GetValueAsUnsigned()


def numbers(vector, size):
    """The first of a std::vector's numbers."""
    raw = vector.GetNonSyntheticValue()
    begin = raw.GetValueForExpressionPath("._M_impl._M_start")
    if not begin.IsValid():
        begin = raw.GetValueForExpressionPath(".__begin_")  # libc++
    data = begin.GetPointeeData(0, min(size, FIRST))
    if data.GetByteSize() == 0:
        return "<uninitialized>" if size else ""
    values = data.float if begin.GetType().GetPointeeType().GetByteSize() == 4 else data.double
    return " ".join(["%.4g" % value for value in values] + (["..."] if size > FIRST else []))


def matrix(value, _):
    raw = value.GetNonSyntheticValue()
    rows, cols = number(raw, "rows_"), number(raw, "cols_")
    return "Matrix %dx%d  %s" % (rows, cols, numbers(raw.GetChildMemberWithName("values_"), rows * cols))


def vector(value, _):
    return "Vector %d  %s" % (value.GetNumChildren(), numbers(value, value.GetNumChildren()))


def dense(value, _):
    W = value.GetNonSyntheticValue().GetChildMemberWithName("W")
    return "Dense %d -> %d" % (number(W, "cols_"), number(W, "rows_"))


def workspace(value, _):
    A = value.GetChildMemberWithName("A")
    rows = number(A.GetChildAtIndex(0), "rows_")
    return "Workspace of %d layers, n = %d" % (A.GetNumChildren() - 1, rows)


SUMMARIES = {
    "^hourglass::Matrix$": ("matrix", ""),
    "^(hourglass::Vector|std::vector<(float|double), hourglass::AlignedAllocator<.*)$": ("vector", ""),
    "^hourglass::Dense$": ("dense", "--expand"),
    "^hourglass::Workspace$": ("workspace", "--expand"),
}


def __lldb_init_module(debugger, _):
    for kind, (function, members) in SUMMARIES.items():
        debugger.HandleCommand("type summary add %s -F %s.%s -x '%s'" % (members, __name__, function, kind))
    debugger.HandleCommand("settings set target.process.thread.step-avoid-regexp ^(%s)([<(].*)?$"
                           % "|".join(SKIPPED))
