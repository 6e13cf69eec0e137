"""Hourglass in gdb: what `print`, `info args`, `info locals` and an IDE show of each class."""

import gdb

from hourglass_values import (ERRORS, Table, Unreadable, class_of, dynamic, elements, enumerator, is_a, kept,
                              layers, matrix_table, string)


class Printer:
    """Shows what text() says, or that the memory is none of this class (yet)."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        try:
            return self.text()
        except (Unreadable, *ERRORS):
            return "%s <uninitialized>" % class_of(self.value).removeprefix("hourglass::")


class MatrixPrinter(Printer):
    """Matrix 5x35, then its first rows."""

    def text(self):
        table = matrix_table(self.value)
        return "\n".join(["Matrix " + table.shape()] + table.lines())


def activation_text(f):
    kind = enumerator(f["kind"])
    return "leaky_relu(%g)" % float(f["alpha"]) if kind == "leaky_relu" else kind


class ActivationPrinter(Printer):
    """tanh, or leaky_relu(0.2)."""

    def text(self):
        return activation_text(self.value)


def vector_text(vector):
    """Vector 35, then its first numbers: not a printer, because those of libstdc++ come first."""
    try:
        table = Table(vector)
        return "\n".join(["Vector %d" % table.cols] + table.lines())
    except (Unreadable, *ERRORS):
        return "Vector <uninitialized>"


def shape_text(shape):
    """28x28x1, or 64 for a row of units."""
    sides = [int(shape[side]) for side in ("height", "width", "channels")]
    return str(sides[2]) if sides[:2] == [1, 1] else "x".join(map(str, sides))


def window_text(window):
    """3x3 s2 same over 28x28x1"""
    text = "%dx%d" % (int(window["rows"]), int(window["cols"]))
    text += " s%d" % int(window["stride"]) if int(window["stride"]) != 1 else ""
    padding = enumerator(window["padding"])
    return text + (" same" if padding == "same" else "") + " over " + shape_text(window["image"])


class ImageShapePrinter(Printer):
    """28x28x1."""

    def text(self):
        return shape_text(self.value)


class WindowPrinter(Printer):
    """3x3 s2 same over 28x28x1."""

    def text(self):
        return window_text(self.value)


def size_texts(layer):
    """What a kind of layer says of itself in numbers: 35 -> 25, or 28x28x16, or p = 0.2."""
    own = [field for field in layer.type.strip_typedefs().fields()
           if not field.is_base_class and hasattr(field, "bitpos")]  # without what is static
    for field in own:
        kind = field.type.strip_typedefs()
        if field.name == "window":
            yield window_text(layer["window"])
        elif field.name == "shape":
            yield shape_text(layer["shape"])
        elif field.name == "W" and "window" not in {other.name for other in own}:
            W = matrix_table(layer["W"])
            yield "%d -> %d" % (W.cols, W.rows)
        elif field.name == "has_bias":
            if not layer["has_bias"]:
                yield "no bias"
        elif kind.code in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_FLT):
            yield "%s = %g" % (field.name, float(layer[field.name]))


def layer_text(layer):
    """Dense encoder.0: 35 -> 25, tanh, or MaxPool encoder.1: 2x2 s2 over 28x28x16, identity"""
    name = string(layer["name"])
    kind = class_of(layer).removeprefix("hourglass::") + (" " + name if name else "")
    return kind + ": " + ", ".join([*size_texts(layer), activation_text(layer["activation"])])


class LayerPrinter(Printer):
    """A layer of any kind, then its matrices and vectors by name."""

    def __init__(self, value):
        super().__init__(value)
        try:
            self.value = dynamic(value)
        except ERRORS:
            pass

    def text(self):
        return layer_text(self.value)

    def children(self):
        for field in self.value.type.strip_typedefs().fields():
            kind = "" if field.is_base_class or not hasattr(field, "bitpos") else class_of(self.value[field])
            if kind == "hourglass::Matrix":
                yield field.name, self.value[field]
            elif kind.startswith("std::vector<") and "hourglass::AlignedAllocator" in kind:
                yield field.name, vector_text(self.value[field])


class NetworkPrinter(Printer):
    """A line for each layer; $layer(network, l) goes on from there."""

    def text(self):
        lines = ["[%d]  %s" % (l, layer_text(layer)) for l, layer in enumerate(layers(self.value), 1)]
        if not lines:
            raise Unreadable
        kind = class_of(self.value).removeprefix("hourglass::")
        return "\n".join(["%s of %d layers" % (kind, len(lines))] + lines)


class ParameterPrinter(Printer):
    """Parameter encoder.1.W 15x25, then its first rows and those of its gradient."""

    def text(self):
        shape = [int(size) for size in elements(self.value["shape"])]
        rows = shape[0] if len(shape) > 1 else 1
        value = Table(self.value["value"], rows)
        lines = ["Parameter %s %s" % (string(self.value["name"]), "x".join(map(str, shape)))]
        lines += value.lines() + ["gradient"]
        gradient = Table(self.value["gradient"])
        lines += Table(self.value["gradient"], rows).lines() if gradient.cols else ["none: it is not trained"]
        return "\n".join(lines)


class PassPrinter(Printer):
    """Pass: train, then what the layer keeps by name."""

    def text(self):
        penalty = float(self.value["penalty"])
        return "Pass: " + enumerator(self.value["mode"]) + (", penalty %.4g" % penalty if penalty else "")

    def children(self):
        try:
            yield from kept(self.value)
        except (Unreadable, *ERRORS):
            return


class WorkspacePrinter(Printer):
    """What a pass computed: Z, A, dZ, dA of every layer by name, and what layers keep besides."""

    NAMES = ("Z", "A", "dZ", "dA")

    def matrices(self, name):
        return elements(self.value[name])

    def kept(self):
        """For each layer the pairs of a name and a Matrix."""
        return [kept(one) for one in elements(self.value["pass"])]

    def text(self):
        A = self.matrices("A")
        if not A:
            raise Unreadable
        return "Workspace of %d layers, n = %d" % (len(A) - 1, matrix_table(A[0]).rows)

    def children(self):
        try:
            for name in self.NAMES:
                for layer, matrix in enumerate(self.matrices(name)):
                    yield "%s[%d]" % (name, layer), matrix
            for layer, pairs in enumerate(self.kept()):
                for name, matrix in pairs:
                    yield "%s[%d]" % (name, layer), matrix
        except (Unreadable, *ERRORS):
            return


PRINTERS = {
    "hourglass::Matrix": MatrixPrinter,
    "hourglass::Activation": ActivationPrinter,
    "hourglass::ImageShape": ImageShapePrinter,
    "hourglass::Window": WindowPrinter,
    "hourglass::Parameter": ParameterPrinter,
    "hourglass::Pass": PassPrinter,
    "hourglass::Workspace": WorkspacePrinter,
}


class Printers:
    """Chooses a printer by the class; `disable pretty-printer` knows it by this name."""

    name = "hourglass"
    enabled = True
    subprinters = None

    def __call__(self, value):
        kind = class_of(value)
        if not kind.startswith("hourglass::"):
            return None
        if kind in PRINTERS:
            return PRINTERS[kind](value)
        if value.type.strip_typedefs().code != gdb.TYPE_CODE_STRUCT:
            return None
        for base, printer in (("hourglass::Layer", LayerPrinter), ("hourglass::Network", NetworkPrinter)):
            if is_a(value, base):
                return printer(value)
        return None
