"""`hg check`: central differences for one layer, where the program stands.

What a layer's backward is given is dZ. With that held fixed, the number
    S = sum_ij dz_ij z_ij + the layer's penalty
has the gradients that backward and backward_input claim: dS/dW = dL/dW, dS/dX = dL/dX. So the layer's own
forward is called, with one number moved at a time, and S is compared with what backward wrote. That needs neither
the loss nor the targets, and accuses no other layer. All that moves or is written on the way is put back.
"""

import math

from hourglass_debugger import values
from hourglass_debugger.tables import matrix_table, table_for
from hourglass_debugger.values import Complaint, bounds, class_name, elements, is_matrix

REPLAY = 2  # Pass::Mode::replay: the draws of the batch again
KINKED = ("MaxPool",)
PAIRS = (("dX", "X"), ("dW", "W"), ("db", "b"), ("dgamma", "gamma"), ("dbeta", "beta"))


class Forward:
    """Calls the layer's forward on a Z of its own, and leaves the layer's Pass as it was."""

    scratch = {}  # of each debugged process: an empty Matrix, whose memory is used again

    def __init__(self, place, l):
        self.layer, self.name = place.layers[l - 1], place.layers[l - 1].kind + "::forward"
        self.one_pass = elements(place.workspace["pass"])[l]
        self.X = place.matrix("A", l - 1)
        self.dZ = matrix_table(place.matrix("dZ", l)).numbers()
        self.matrix_size = place.matrix("Z", l)
        self.saved = []

    def __enter__(self):
        debugger = values.debugger
        self.alone = debugger.alone()
        self.alone.__enter__()
        size = self.one_pass.size()
        self.keep(self.one_pass.address, size)
        for each in elements(self.one_pass["kept"]):
            begin, count = bounds(each["value"]["values_"])
            self.keep(begin.number(), count * begin.element_size())
        mode = self.one_pass["mode"]
        if mode.number() != 0:
            debugger.write(mode.address, REPLAY.to_bytes(mode.size(), "little"))
        self.Z = self.matrix_size.like_at(self.empty_matrix())
        return self

    def empty_matrix(self):
        """A Matrix all of whose bytes are zero is an empty one."""
        process = values.debugger.process()
        if process not in Forward.scratch:
            size = self.matrix_size.size()
            Forward.scratch[process] = values.debugger.allocate(size)
            values.debugger.write(Forward.scratch[process], bytes(size))
        return Forward.scratch[process]

    def keep(self, address, size):
        if size > 0:
            self.saved.append((address, values.debugger.read(address, size)))

    def __exit__(self, *_):
        for address, data in self.saved:
            values.debugger.write(address, data)
        self.alone.__exit__(None, None, None)

    def S(self):
        values.debugger.call(self.name, self.layer.address, self.Z.address, self.one_pass.address, self.X.address)
        Z = matrix_table(self.Z).numbers()
        penalty = self.one_pass["penalty"].number()
        return math.fsum(dz * z for dz, z in zip(self.dZ, Z)) + penalty


def some(size, most):
    """At most `most` of `size` positions, evenly spread."""
    return range(size) if size <= most else sorted({at * (size - 1) // (most - 1) for at in range(most)})


def difference_quotient(forward, table, at):
    """dS/dw of fourth order, as check_gradients does it; None beside a kink."""
    h = 1e-3 if table.width == 8 else 3e-2
    here = table.at(0, at)
    S = []
    try:
        for step in (-2, -1, 1, 2):
            table.set(0, at, here + step * h)
            S.append(forward.S())
    finally:
        table.set(0, at, here)
    near, far = (S[2] - S[1]) / (2 * h), (S[3] - S[0]) / (4 * h)
    kinked = forward.layer.kind.endswith(KINKED) and abs(near - far) > 1e-3 * max(abs(near), abs(far))
    return None if kinked else (4 * near - far) / 3


def compare(forward, gradient, table, most):
    """The line of a tensor: its worst element, both ways."""
    analytic = gradient.numbers()
    double = table.width == 8
    positions = some(table.size(), most)
    pairs = [(at, difference_quotient(forward, table, at)) for at in positions]
    compared = [(at, numeric) for at, numeric in pairs if numeric is not None]
    largest = max([abs(analytic[at]) for at, _ in compared] + [abs(numeric) for _, numeric in compared], default=0)
    worst = (-1, 0, 0, 0)
    for at, numeric in compared:
        size = max(abs(analytic[at]), abs(numeric), (1e-3 if double else 1e-1) * largest)
        error = abs(analytic[at] - numeric) / size if size else 0
        worst = max(worst, (error, at, analytic[at], numeric))
    right = bool(compared) and largest > 0 and worst[0] <= (1e-6 if double else 3e-2)
    return right, len(compared), largest, worst, not any(analytic)


def check_lines(place, l, most, name=None, index=None):
    """What `hg check` prints; `name` and `index` ask for one element alone."""
    if place.workspace is None or not l:
        raise Complaint("hg check needs a layer of a network and its workspace in sight: hg step leads to one")
    if matrix_table(place.matrix("dZ", l)).size() == 0:
        raise Complaint("%s has no dZ yet: hg check comes after backward has been there" % place.name_of(l))
    lines = ["%s %s, central differences of sum dZ * Z" % (class_name(place.layers[l - 1]), place.name_of(l))]
    with Forward(place, l) as forward:
        for d, w in PAIRS:
            gradient, value = place.tensor(d, l), place.tensor(w, l)
            if value is None or gradient is None or (name and name != d):
                continue
            gradient, table = table_for(gradient), table_for(value)
            if gradient.size() != table.size():
                if d != "dX":
                    lines.append("%-7s not computed yet" % d)
                continue
            table.cols, table.rows, shape = table.size(), 1, (table.rows, table.cols)
            if index is not None:
                at = index[0] * shape[1] + index[1] if len(index) == 2 else index[0]
                lines.append("%s[%s]  backward %.9g  differences %.9g" % (
                    d, ",".join(map(str, index)), gradient.numbers(at, 1)[0], difference_quotient(forward, table, at)))
                continue
            lines.append(line_of(d, shape, is_matrix(place.tensor(w, l)), compare(forward, gradient, table, most)))
    if len(lines) == 1:
        lines.append("nothing to compare: it has no parameters, and dX is not computed yet" if not name else
                     "it has no %s" % name)
    return lines


def line_of(name, shape, matrix, found):
    right, count, largest, (error, at, analytic, numeric), all_zero = found
    total = shape[0] * shape[1]
    of = "%d" % total if count == total else "%d of %d" % (count, total)
    if count == 0:
        return "%-7s nothing of it could be compared" % name
    if largest == 0:
        return "%-7s all zero, both ways: the check has seen nothing" % name
    element = "%s[%s]" % (name, "%d,%d" % divmod(at, shape[1]) if matrix else at)
    if all_zero:
        return "%-7s zero, should be up to %.6g: not computed yet, or wrong" % (name, largest)
    if right:
        return "%-7s right: %s compared, largest relative error %.1e" % (name, of, error)
    return "%-7s WRONG: %s is %.6g, should be %.6g (%s compared)" % (name, element, analytic, numeric, of)
