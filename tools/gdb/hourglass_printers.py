"""Hourglass in gdb: what `print`, `info args`, `info locals` and an IDE show of each class."""

import gdb

from hourglass_adapter import GdbValue
from hourglass_debugger import texts
from hourglass_debugger.tables import Table, matrix_table
from hourglass_debugger.values import PREFIX, bounds, class_name, is_matrix, kept, layers


class Views:
    """How much a printer shows: in an IDE rows unfold and need no table, `info locals` has a line for each."""

    unfold = False
    brief = False


def text_or_uninitialized(value, text):
    try:
        return text(value)
    except Exception:  # pylint: disable=broad-except  # what a debugger finds there is not of this class (yet)
        return "%s <uninitialized>" % class_name(value)


def as_summary(value):
    """The same object, in a type that says that its text alone is to be shown."""
    return value.raw.address.cast(value.type.unqualified().volatile().pointer()).dereference()


def is_summary(raw):
    kind = raw.type.strip_typedefs()
    return kind == kind.volatile()


class Summary:
    """Another printer's text, without its children."""

    def __init__(self, printer):
        self.to_string = printer.to_string


class Printer:
    """Shows what text() says, or that the memory is none of this class (yet)."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return text_or_uninitialized(self.value, lambda _: self.text())

    def text(self):
        raise NotImplementedError


class WithParts(Printer):
    """One that goes on with members by name."""

    def children(self):
        if Views.brief:
            return
        if Views.unfold:
            yield "summary", as_summary(self.value)  # an IDE shows {...} for what has children
        try:
            for name, value in self.parts():
                yield name, value.raw if isinstance(value, GdbValue) else value
        except Exception:  # pylint: disable=broad-except
            return

    def parts(self):
        raise NotImplementedError


class MatrixPrinter(Printer):
    """Matrix 5x35, what a look at all of it says, then its first rows."""

    def text(self):
        if Views.brief or Views.unfold:
            return texts.tensor_text(self.value)
        table = matrix_table(self.value)
        return "\n".join(["Matrix " + table.shape()] + table.lines())


class MatrixRows(WithParts, MatrixPrinter):
    """In an IDE: it unfolds into rows, and these into elements, which can be edited."""

    def parts(self):
        table, begin = matrix_table(self.value), bounds(self.value["values_"])[0].raw
        row = begin.type.strip_typedefs().target().array(max(table.cols, 1) - 1)
        for i in range(table.rows):
            yield "[%d]" % i, (begin + i * table.cols).cast(row.pointer()).dereference()


class TextPrinter(Printer):
    def __init__(self, value, text):
        super().__init__(value)
        self.of = text

    def text(self):
        return self.of(self.value)


def vector_text(vector):
    """Vector 35, then its first numbers: not a printer, because those of libstdc++ come first."""
    def text(value):
        table = Table(value)
        return "\n".join(["Vector %d" % table.cols] + table.lines())
    try:
        return text(vector)
    except Exception:  # pylint: disable=broad-except
        return "Vector <uninitialized>"


class LayerPrinter(WithParts):
    """A layer of any kind, then its matrices and vectors by name."""

    def __init__(self, value):
        try:
            value = value.dynamic()
        except Exception:  # pylint: disable=broad-except
            pass
        super().__init__(value)

    def text(self):
        return texts.layer_text(self.value)

    def parts(self):
        for name, value in self.value.fields():
            if is_matrix(value):
                yield name, value
            elif value.kind.startswith("std::vector<") and "AlignedAllocator" in value.kind:
                yield name, value if Views.unfold else vector_text(value)


class NetworkPrinter(WithParts):
    """A line for each layer; $layer(network, l) goes on from there."""

    def text(self):
        if Views.brief or Views.unfold:
            return texts.network_text(self.value)
        return "\n".join(texts.network_lines(self.value))


class NetworkLayers(NetworkPrinter):
    def parts(self):
        for l, layer in enumerate(layers(self.value), 1):
            yield "[%d]" % l, layer


class ParameterPrinter(Printer):
    """Parameter encoder.1.W 15x25, then its first rows and those of its gradient."""

    def text(self):
        heading = texts.parameter_text(self.value)
        if Views.brief:
            return heading
        value, gradient = texts.parameter_tables(self.value)
        lines = gradient.lines() if gradient else ["none: it is not trained"]
        return "\n".join([heading] + value.lines() + ["gradient"] + lines)


class PassPrinter(WithParts):
    """Pass: train, then what the layer keeps by name."""

    def text(self):
        return texts.pass_text(self.value)

    def parts(self):
        return kept(self.value)


class WorkspacePrinter(WithParts):
    """What a pass computed: Z, A, dZ, dA of every layer by name, and what layers keep besides."""

    def text(self):
        return texts.workspace_text(self.value)

    def parts(self):
        return texts.workspace_matrices(self.value)


class TrainingPrinter(WithParts):
    """A line, then what a training step uses."""

    def text(self):
        return texts.training_text(self.value)

    def parts(self):
        for name in ("epoch", "model", "ws"):
            yield name, self.value[name]


TEXTS = {"Activation": texts.activation_text, "ImageShape": texts.shape_text, "Window": texts.window_text}
PRINTERS = {"Parameter": ParameterPrinter, "Pass": PassPrinter, "Workspace": WorkspacePrinter,
            "Training": TrainingPrinter}


class Printers:
    """Chooses a printer by the class; `disable pretty-printer` knows it by this name."""

    name = "hourglass"
    enabled = True
    subprinters = None

    def __call__(self, raw):
        printer = self.printer_of(raw)
        return Summary(printer) if printer is not None and is_summary(raw) else printer

    @staticmethod
    def printer_of(raw):
        value = GdbValue(raw)
        if not value.kind.startswith(PREFIX):
            return None
        name = class_name(value)
        if name == "Matrix":
            return (MatrixRows if Views.unfold else MatrixPrinter)(value)
        if name in TEXTS:
            return TextPrinter(value, TEXTS[name])
        if name in PRINTERS:
            return PRINTERS[name](value)
        if value.type.code != gdb.TYPE_CODE_STRUCT:
            return None
        if value.is_a(PREFIX + "Layer"):
            return LayerPrinter(value)
        if value.is_a(PREFIX + "Network"):
            return (NetworkLayers if Views.unfold else NetworkPrinter)(value)
        return None
