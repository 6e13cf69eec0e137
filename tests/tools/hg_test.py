#!/usr/bin/env python3
"""The commands of `hg` in a debugger, on a letters net, a convolutional net and one with a wrong layer.

    hg_test.py gdb|lldb FOLDER HG_SESSION steps|check|why|tensors|errors

FOLDER has the exercises of the debug build, HG_SESSION is the program of hg_session.cpp.
Exit status: 0 all as expected, 1 not so, 77 there is no such debugger that can do this.
"""

import os
import re
import shutil
import sys
import tempfile

from debuggers import Debugger, Expectations, output_of

STEP = re.compile(r"(forward|backward) of layer (\d+) of (\d+), (\w+)")
EXCEPTION = re.compile(r"Traceback|Python Exception|Error while executing Python|Error occurred in Python|"
                       r"Error: \w+Error|^\w+Error:", re.MULTILINE)
LAYERS = 7  # of the convolutional net of hg_session.cpp
WRONG = 3   # of the one with a wrong layer


def passes(said):
    """What the stops of `hg step` were: pairs of forward or backward and the number of a layer."""
    found = [STEP.search(lines[0]) if lines else None for lines in said]
    return [(match.group(1), int(match.group(2))) if match else None for match in found]


def whole_step(depth):
    return [("forward", l) for l in range(1, depth + 1)] + [("backward", l) for l in range(depth, 0, -1)]


def test_steps(debugger, expect, folder, session):
    """A whole training step of both nets shows every layer's forward and backward once."""
    for program, depth, arguments in ((os.path.join(folder, "letters"), 6, ["--seed", "1"]), (session, LAYERS, [])):
        said = debugger.session(program, ["hg start"] + ["hg step"] * (2 * depth + 1), arguments)
        expect.that("hg step passes every layer of %s once each way" % os.path.basename(program),
                    passes(said[1:-1]) == whole_step(depth), *said)
        wide = [line for lines in said for line in lines if len(line) > 80 and "\t" not in line]
        expect.that("no line of hg step is wider than 80 columns", not wide, wide)
        shown = "\n".join("\n".join(lines) for lines in said)
        expect.that("hg start shows the training loop", "model.forward(" in "\n".join(said[0]), said[0])
        expect.that("hg step shows equations", "Z = X W^T + b" in shown and "dW = dZ^T X" in shown, *said)


def test_backprop(debugger, expect, folder, session):
    """Each equation of a backward pass, in its order."""
    said = debugger.session(os.path.join(folder, "letters"), ["hg start"] + ["hg backprop"] * 10, ["--seed", "1"])
    shown = [" ".join(lines) for lines in said[1:]]
    wanted = ("dL/dz = 2 (p - q) = y - t", "dw_jk = sum_i dz_ij x_ik", "db_j  = sum_i dz_ij", "dx_ik = sum_j dz_ij w_jk",
              "dZ = dA * f'(Z)", "dw_jk = sum_i dz_ij x_ik")
    for number, (text, equation) in enumerate(zip(shown, wanted)):
        expect.that("stop %d of hg backprop shows %s" % (number + 1, equation), equation in text, text)


def library_says(lines):
    """What the program's own check said: tensors' worst elements, and whether they are right."""
    return re.findall(r"library (\S+)\[([\d,]+)\] (right|wrong) (\S+) (\S+)", "\n".join(lines))


def stop(debugger, count):
    """Commands up to the `count`-th stop_here, which has one network and its workspace in sight."""
    set_break = "break stop_here" if debugger.name == "gdb" else "breakpoint set --name stop_here"
    return [set_break, "run"] + ["continue"] * (count - 1)


def test_check(debugger, expect, folder, session):
    """hg check agrees with check_gradients, on layers that are right and on one that is not."""
    names = ["encoder.%d" % l for l in range(5)] + ["decoder.0", "decoder.1"]
    of_right, of_wrong = output_of([session], debugger.environment).split(" layers, n = ")[:2]
    program_says = library_says([of_right])
    elements = [each for each in program_says if each[0] != "X" and each[1].count(",") < 2]
    asked = ["hg check %s.d%s %s" % (*tensor.rpartition(".")[::2], index.replace(",", " "))
             for tensor, index, *_ in elements]
    before = stop(debugger, 1)
    said = debugger.session(session, before + ["hg check " + name for name in names] + asked +
                            ["continue", "hg check decoder.1", "hg check decoder.0", "hg check encoder.0"])[len(before):]
    for name, lines in zip(names, said):
        text = "\n".join(lines)
        expect.that("hg check finds %s right" % name,
                    "WRONG" not in text and "hg check" not in text and len(lines) > 1, lines)
        compared = re.findall(r"^d(\w+) +right", text, re.MULTILINE)
        theirs = [tensor.rpartition(".")[2] for tensor, *_ in program_says if tensor.startswith(name + ".")]
        expect.that("hg check looks at the parameters of %s" % name, [t for t in theirs if t not in compared] == [],
                    lines)
    for (tensor, index, _, analytic, numeric), lines in zip(elements, said[len(names):]):
        numbers = re.search(r"backward (\S+)  differences (\S+)", "\n".join(lines))
        close = numbers and all(abs(float(a) - float(b)) <= 1e-6 * max(abs(float(b)), 1e-3)
                                for a, b in zip(numbers.groups(), (analytic, numeric)))
        expect.that("hg check and the library give %s[%s] the same numbers" % (tensor, index), close,
                    lines + [analytic, numeric])
    wrong = [each for each in library_says([of_wrong]) if each[2] == "wrong"]
    expect.that("the library finds db wrong, alone", [each[0] for each in wrong] == ["decoder.1.b"], str(wrong))
    expect.that("hg check finds db wrong", re.search(r"^db +WRONG", "\n".join(said[-3]), re.MULTILINE), said[-3])
    expect.that("... and nothing else", "\n".join(sum(said[-3:], [])).count("WRONG") == 1, *said[-3:])


def test_why(debugger, expect, folder, session):
    """The terms of hg why sum to the element, in every tensor of every layer that it knows."""
    asked = ["encoder.0.Z 1 5", "encoder.0.A 1 5", "encoder.0.dW 1 7", "encoder.0.db 1", "encoder.0.dX 2 8",
             "encoder.0.dZ 0 3", "encoder.1.Z 2 3", "encoder.1.dgamma 1", "encoder.1.dbeta 0", "encoder.1.dX 0 4",
             "encoder.1.X_hat 1 6", "encoder.2.Z 1 1", "encoder.2.dX 2 5", "encoder.3.Z 0 2", "encoder.3.dX 0 2",
             "encoder.4.Z 0 1", "encoder.4.dW 2 5", "encoder.4.db 2", "encoder.4.dX 1 6", "decoder.0.dZ 1 4",
             "decoder.1.Z 0 5", "decoder.1.dW 1 4", "decoder.1.db 0", "decoder.1.dX 2 7", "decoder.1.dZ 1 3"]
    of_pooling = ["encoder.0.Z 0 4", "encoder.0.Z 1 17", "encoder.0.dX 0 24", "encoder.0.dX 1 13", "encoder.1.Z 1 0",
                  "encoder.1.Z 0 7", "encoder.1.dX 1 9", "encoder.1.dX 0 17", "encoder.2.Z 1 21", "encoder.2.dX 0 3",
                  "encoder.3.dZ 1 2", "encoder.4.Z 0 1", "encoder.4.sigma 1 2", "encoder.4.dX 1 2", "encoder.4.dX 0 4",
                  "decoder.0.dZ 1 3"]
    first, third = stop(debugger, 1), stop(debugger, 3)[-2:]
    commands = ["hg why " + each for each in asked]
    said = debugger.session(session, first + commands + third + ["hg why " + each for each in of_pooling])
    asked, said = asked + of_pooling, said[len(first):len(first + commands)] + said[-len(of_pooling):]
    for each, lines in zip(asked, said):
        expect.that("hg why %s sums to the element" % each, "their sum; " in "\n".join(lines) and
                    "holds it" in "\n".join(lines), lines)
    expect.that("no line of hg why is wider than 80 columns", all(len(line) <= 80 for lines in said for line in lines),
                *said)


def test_tensors(debugger, expect, folder, session):
    """hg layers, set, diff, plot and the views, in an 80-column terminal; and what was changed stays put."""
    commands = ["hg start"] + ["hg step"] * 12 + ["next", "next"] + [
        "hg layers", "hg shapes", "hg plot W", "hg plot W[3]", "hg diff W dW", "hg diff W W", "hg set W 3 2 0.5",
        "hg set W 3 2 0.25", "hg set b 3 1", "hg check all" if debugger.name == "gdb" else "hg check", "hg diff encoder.0.Z encoder.0.A", "hg"]
    with tempfile.TemporaryDirectory() as out:
        path = os.path.join(out, "W.png")
        drawing = ["hg plot encoder.0.W " + path] if shutil.which("gnuplot") else []
        said = debugger.session(os.path.join(folder, "letters"), commands + drawing, ["--seed", "1"])[15:]
        expect.that("hg plot draws by gnuplot", not drawing or (os.path.exists(path) and os.path.getsize(path) > 1000), *said)
    layers, shapes, plots, plot, diff, same, _, was, _, check, _, overview = said[:12]
    expect.that("hg layers has a line for each", len(layers) == 7 and "encoder.0" in layers[1], layers)
    expect.that("hg shapes has a line for each, and the input", len(shapes) == 8, shapes)
    expect.that("hg plot W shows all neurons", "W[24]" in "\n".join(plots), plots)
    expect.that("hg plot W[3] is a picture of 5x7", [len(line) for line in plot[1:8]] == [5] * 7, plot)
    expect.that("hg diff counts", "of 875 numbers differ" in "\n".join(diff), diff)
    expect.that("hg diff of one matrix finds nothing", "no difference" in "\n".join(same), same)
    expect.that("hg set writes", "W[3,2] was 0.5, is 0.25" in "\n".join(was), was)
    expect.that("hg check compares all of a layer", 
                ("875 compared" if debugger.name == "gdb" else "8 of 875 compared") in "\n".join(check), check)
    expect.that("hg lists its commands", all("hg " + name in "\n".join(overview) for name in ("why", "watch", "plot")),
                overview)
    wide = [line for lines in said[:12] for line in lines if len(line) > 80]
    expect.that("nothing is wider than 80 columns", not wide, wide)


def test_watch(debugger, expect, folder, session):
    """hg watch nan stops where the first NaN arrives, and names it."""
    stops = ["hg start", "hg step", "hg step", "hg watch nan", "hg set encoder.2.W 1 4 0.0/0.0", "continue", "hg watch off"]
    said = debugger.session(os.path.join(folder, "letters"), stops, ["--seed", "1"])
    text = "\n".join(said[5])
    expect.that("hg watch nan names the weight that is none", "W[1,4] is NaN" in text, *said)
    update = ("tbreak hourglass::Adam::step" if debugger.name == "gdb" else
              "breakpoint set --one-shot true --name hourglass::Adam::step")
    stops = ["hg start", "hg watch nan", update, "continue"]
    said = debugger.session(os.path.join(folder, "letters"), stops)
    expect.that("hg watch nan lets a sound step pass", "Adam::step" in "\n".join(said[3]) and
                "NaN" not in "\n".join(said[3]), *said)


def test_errors(debugger, expect, folder, session):
    """Whatever is asked, at any time, is answered in a line, never by an exception of Python."""
    wrong = ["hg nothing", "hg help nothing", "hg step", "hg backprop", "hg layers", "hg shapes", "hg shapes 3", "hg pm",
             "hg pm nothing", "hg pm 3", "hg glyph", "hg glyph nothing", "hg why", "hg why dW", "hg why dW 1", "hg why dW 1 2",
             "hg why dW x y", "hg why encoder.9.dW 1 2", "hg why encoder.0.Q 1 2", "hg why encoder.0.dW 99 99",
             "hg why encoder.0.W 1 2", "hg check", "hg check 3", "hg check encoder.0", "hg check encoder.0.dW 99 99",
             "hg check encoder.0.dW 1", "hg plot", "hg plot nothing", "hg plot encoder.0.W[99]", "hg plot ws", "hg diff", "hg diff W",
             "hg diff encoder.0.W encoder.1.W", "hg set", "hg set W", "hg set encoder.0.W 99 99 1", "hg set encoder.0.W 1 2 x",
             "hg set encoder.0.W 1 1", "hg watch", "hg watch x", "hg watch nan", "hg watch off"]
    letters = os.path.join(folder, "letters")
    said = debugger.session(letters, wrong + ["hg start"] + wrong + ["hg start", "kill"] + wrong, ["--seed", "1"])
    for when, first in (("before it runs", 0), ("in the training loop", len(wrong) + 1),
                        ("after it ended", 2 * len(wrong) + 3)):
        for command, lines in zip(wrong, said[first:]):
            text = "\n".join(lines)
            expect.that("%s %s shows no exception" % (command, when), not EXCEPTION.search(text), lines)


def test_locals(debugger, expect, folder, session):
    """info locals of the training loop fits a screen."""
    if debugger.name != "gdb":
        return
    for name in ("letters", "denoising", "variational", "flowers"):
        said = debugger.session(os.path.join(folder, name), ["hg start", "info locals", "print 1"], ["--seed", "1"])
        expect.that("info locals in %s fits 24 lines" % name, 0 < len(said[1]) <= 24, said[1])
        rows = sum((len(line) + 79) // 80 for line in said[1])
        expect.that("... of 80 columns", rows <= 24, said[1])
    deep = ",".join(str(width) for width in range(35, 10, -1))
    for layers, widths in ((48, deep), (6, "35,1000,1001,1002")):
        said = debugger.session(os.path.join(folder, "letters"), ["hg start", "info locals", "print 1"], ["--layers", widths])
        wide = [line for line in said[1] if len(line) > 80]
        expect.that("a net of %d layers needs no more columns" % layers,
                    "%d layers" % layers in "\n".join(said[1]) and not wide, said[1])


SUBJECTS = {"steps": (test_steps, test_backprop), "check": (test_check,), "why": (test_why,),
            "tensors": (test_tensors, test_watch), "errors": (test_errors, test_locals)}


def main(arguments):
    name, folder, session, subject = arguments
    debugger, expect = Debugger(name), Expectations()
    for test in SUBJECTS[subject]:
        test(debugger, expect, os.path.abspath(folder), os.path.abspath(session))
    return expect.status()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
