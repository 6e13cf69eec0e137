"""The `hg` command: what it can do, with the help of each, and the short ones among them."""

import math
import re
import textwrap

from hourglass_debugger import plot, values, walk
from hourglass_debugger.check import check_lines
from hourglass_debugger.sums import why_lines
from hourglass_debugger.tables import matrix_table, screen_width, table_for, table_of
from hourglass_debugger.texts import WORKSPACE, activation_text, out_width, shape_or_question
from hourglass_debugger.values import Complaint, Place, class_name, find, is_matrix

# ---- Looking at the whole network --------------------------------------------------------------------


def norm(table):
    return math.sqrt(math.fsum(x * x for x in table.numbers()))


def norm_text(value):
    if value is None or table_for(value).size() == 0:
        return "-"
    return "%.3g" % norm(table_for(value))


def flat_text(place, l):
    """How much of a layer gives no gradient: the share of saturated activations, or of dead units."""
    f = activation_text(place.layers[l - 1]["activation"])
    A = matrix_table(place.matrix("A", l))
    if A.size() == 0 or f not in ("tanh", "sigmoid", "relu"):
        return "-"
    if f == "relu":
        units = channels_of(place.layers[l - 1]) or A.cols
        numbers = A.numbers()
        dead = sum(not any(a > 0 for a in numbers[unit::units]) for unit in range(units))
        return "%d %%" % round(100 * dead / units)
    bound, centre = (0.99, 0) if f == "tanh" else (0.495, 0.5)
    return "%d %%" % round(100 * sum(abs(a - centre) > bound for a in A.numbers()) / A.size())


def channels_of(layer):
    """Of a convolution, whose units stand at every place; 0: each column is a unit."""
    W = dict(layer.fields()).get("W")
    return matrix_table(W).rows if class_name(layer) == "Convolution" and W is not None else 0


def layers(_):
    """hg layers: for each layer its width, its activation, the norms of W, dW, A and dA, and how much is flat.

    flat is the share of saturated activations of tanh (|a| > 0.99) and sigmoid, and of dead units of relu
    (a = 0 for the whole batch): from there comes no gradient. W of a batch norm is gamma."""
    place = needed()
    print("  l %-12s %5s %-10s %9s %9s %9s %9s %5s" % ("name", "out", "f", "|W|", "|dW|", "|A|", "|dA|", "flat"))
    for l, layer in enumerate(place.layers, 1):
        W = "gamma" if class_name(layer) == "BatchNorm" else "W"
        norms = [place.tensor(name, l) for name in (W, "d" + W, "A", "dA")]
        print("%3d %-12.12s %5d %-10.10s %9s %9s %9s %9s %5s" % (
            l, place.name_of(l), out_width(layer), activation_text(layer["activation"]),
            *map(norm_text, norms), flat_text(place, l)))


def needed():
    place = Place()
    if place.network is None or place.workspace is None:
        raise Complaint("there is no network with its workspace in sight here: hg start or hg step leads to one")
    return place


def shapes(text):
    """hg shapes [WORKSPACE]: the shapes of Z, A, dZ, dA and of what a layer keeps. Layer 0 is the input."""
    workspace = find(text) if text else Place().workspace
    if workspace is None or workspace.kind != "hourglass::Workspace":
        raise Complaint("%s; expected a Workspace" % (
            "%s is a %s" % (text, workspace.kind) if workspace is not None else "there is none in sight here"))
    place = Place()
    place.workspace = workspace
    try:
        columns = [values.elements(workspace[name]) for name in WORKSPACE]
        kept = [place.kept(l) for l in range(len(columns[0]))]
    except Exception as error:
        raise Complaint("%s is uninitialized" % text) from error
    print("layer" + "".join("%10s" % name for name in WORKSPACE))
    for l, matrices in enumerate(zip(*columns)):
        print("%5d" % l + "".join("%10s" % shape_or_question(matrix) for matrix in matrices) +
              "".join("  %s %s" % (name, shape_or_question(matrix)) for name, matrix in kept[l]))


# ---- One tensor --------------------------------------------------------------------------------------


def pm(text):
    """hg pm EXPRESSION: all of a Matrix, Vector or span, as a table with four significant digits."""
    value = find(text)
    table = table_of(value, text)
    try:
        lines = table.all_lines()
    except values.Unreadable as error:
        raise Complaint("%s is uninitialized" % text) from error
    print("\n".join(["Matrix " + table.shape() if is_matrix(value) else "Vector %d" % table.cols] + lines))


def glyph(text):
    """hg glyph EXPRESSION [ROW]: a row of 35 pixels as 7 lines of 5, '#' where the value is above 0."""
    expression, _, row = text.rpartition(" ")
    if not expression:
        expression, row = text, "0"
    table = table_of(find(expression), expression)
    row = int(values.debugger.evaluate(row).number())
    if not 0 <= row < table.rows:
        raise Complaint("%s has no row %d: it is %s" % (expression, row, table.shape()))
    if table.cols != 35:
        raise Complaint("%s is %s; expected 35 columns" % (expression, table.shape()))
    pixels = table.row(row)
    for i in range(0, 35, 5):
        print("".join("#" if pixel > 0 else "." for pixel in pixels[i:i + 5]))


def named(words, command):
    """A tensor's layer and name, from `dW` or `encoder.1.dW`, and the rest as numbers."""
    if not words:
        raise Complaint("hg %s: expected the name of a tensor, such as dW or encoder.1.dW" % command)
    place = needed()
    owner, _, name = words[0].rpartition(".")
    l = place.number_of(owner) if owner else place.l
    if not l:
        raise Complaint("there is no layer '%s'" % owner if owner else
                        "no layer is at hand: hg step leads to one, or name it, as in encoder.0.%s" % name)
    try:
        return place, l, name, [int(word) for word in words[1:]]
    except ValueError as error:
        raise Complaint("hg %s: expected whole numbers after %s, got %s" % (
            command, words[0], " ".join(words[1:]))) from error


def why(text):
    """hg why TENSOR I [J]: the terms of the sum that made this element, the largest first, and whose they are.

    TENSOR is Z, A, dZ, dX, dW, db, ... of the layer at hand, or of another one: hg why encoder.0.dW 3 7"""
    place, l, name, index = named(text.split(), "why")
    print("\n".join(line[:screen_width()] for line in why_lines(place, l, name, tuple(index))))


def check(text):
    """hg check [TENSOR I [J]]: compares what the backward pass of the layer at hand wrote with central differences.

    Some elements of each tensor, evenly spread (40 in gdb, 8 in lldb); hg check all takes every one. hg check dW 3 7 shows both numbers of
    that element, hg check encoder.0 another layer. The layer's forward is called on a copy of what it writes, and
    what is moved is put back."""
    words = text.split()
    most = 1 << 30 if "all" in words else values.debugger.patience
    words = [word for word in words if word != "all"]
    place = needed()
    if len(words) > 1:
        place, l, name, index = named(words, "check")
        lines = check_lines(place, l, most, name, tuple(index))
    else:
        l = place.number_of(words[0]) if words else place.l
        if not l:
            raise Complaint("there is no layer '%s'" % words[0] if words else
                            "no layer is at hand: hg step leads to one, or name it, as in hg check encoder.0")
        lines = check_lines(place, l, most)
    print("\n".join(lines))


def diff(text):
    """hg diff A B: where two matrices of one shape differ, and by how much."""
    words = text.split()
    if len(words) != 2:
        raise Complaint("hg diff: expected two matrices, got '%s'" % text)
    A, B = (table_of(find(word), word) for word in words)
    if (A.rows, A.cols) != (B.rows, B.cols):
        raise Complaint("%s is %s, %s is %s" % (words[0], A.shape(), words[1], B.shape()))
    pairs = list(zip(A.numbers(), B.numbers()))
    different = [at for at, (a, b) in enumerate(pairs) if a != b and not (a != a and b != b)]
    if not different:
        print("no difference: all %d numbers agree" % len(pairs))
        return
    sizes = {at: abs(pairs[at][0] - pairs[at][1]) for at in different}
    worst = next((at for at in different if sizes[at] != sizes[at]), max(different, key=lambda at: sizes[at]))
    print("%d of %d numbers differ; most at [%d,%d]: %.6g and %.6g, by %.3g" % (
        len(different), len(pairs), *divmod(worst, A.cols), *pairs[worst], sizes[worst]))


def set_element(text):
    """hg set TENSOR I [J] VALUE: writes one element: hg set W 3 7 0.5, hg set b 3 0."""
    found = re.fullmatch(r"(\S+)((?:\s+\d+){1,2})\s+(\S.*)", text)
    if not found:
        raise Complaint("hg set: expected a tensor, its row and column, and a number, got '%s'" % text)
    name, index, number = found.group(1), [int(word) for word in found.group(2).split()], found.group(3)
    value = find(name)
    table = table_of(value, name)
    i, j = index if len(index) == 2 else (0, index[0])
    if len(index) != (2 if is_matrix(value) else 1) or not (0 <= i < table.rows and 0 <= j < table.cols):
        raise Complaint("%s is %s: there is no [%s]" % (
            name, table.shape() if is_matrix(value) else table.cols, ",".join(map(str, index))))
    before = table.at(i, j)
    table.set(i, j, float(values.debugger.evaluate(number).number()))
    print("%s[%s] was %.6g, is %.6g" % (name, ",".join(map(str, index)), before, table.at(i, j)))


# ---- The command itself ------------------------------------------------------------------------------


def step(_):
    """hg step: on to the next forward or backward of a layer: which one, its equation, and its shapes."""
    walk.step()


def backprop(_):
    """hg backprop: on to the next equation of the backward pass: the loss, each layer's, each activation's."""
    walk.backprop()


def watch(text):
    """hg watch nan: continue then stops where the first NaN or infinity arrives, and names it. hg watch off ends it."""
    walk.watch(text.strip())


def start(_):
    """hg start: runs the program up to the first batch of its training loop."""
    walk.start()


COMMANDS = {"start": start, "step": step, "backprop": backprop, "layers": layers, "shapes": shapes, "pm": pm,
            "glyph": glyph, "why": why, "check": check, "plot": plot.plot, "diff": diff, "set": set_element,
            "watch": watch}


def overview():
    """The first sentence of each command's help."""
    lines = ["Commands of Hourglass; hg help NAME says more."]
    for command in COMMANDS.values():
        usage, _, what = command.__doc__.strip().splitlines()[0].partition(": ")
        lines += textwrap.wrap(what, 79, initial_indent="  %-26s " % usage, subsequent_indent=" " * 29)
    return "\n".join(lines)


def help_of(name):
    """All of its help, in lines of an 80-column terminal."""
    if name not in COMMANDS:
        raise Complaint("there is no hg %s: expected one of %s" % (name, ", ".join(COMMANDS)))
    paragraphs = COMMANDS[name].__doc__.strip().split("\n\n")
    return "\n\n".join(textwrap.fill(" ".join(each.split()), 79) for each in paragraphs)


def run(name, text):
    """Runs one command. Whatever goes wrong is a Complaint, in a line."""
    try:
        if name in ("", "help"):
            print(help_of(text.strip()) if text.strip() else overview())
            return
        help_of(name)  # for its complaint
        COMMANDS[name](text)
    except Complaint:
        raise
    except values.Unreadable as error:
        raise Complaint("hg %s: what stands there is uninitialized" % name) from error
    except Exception as error:  # pylint: disable=broad-except  # a debugger has many, and a student wants none
        raise Complaint("hg %s: %s" % (name, str(error).strip().partition("\n")[0] or type(error).__name__)) from error
