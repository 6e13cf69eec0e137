"""Hourglass in gdb: matrices as tables, a workspace by name, and commands to look at a batch.

Load it with `source tools/gdb/hourglass.py`; see README.md beside this file.
"""

import struct

import gdb

MAX_ROWS = 12  # of a table that a plain `print` shows; `pm` shows all
MAX_COLS = 12
MAX_SIZE = 1 << 28  # elements; beyond this a matrix is taken for uninitialized memory


class Unreadable(Exception):
    """What stands there is not a matrix (yet): its fields contradict each other."""


def vector_bounds(vector):
    """A std::vector's pointer to its first element, the element's type, and both ends as numbers."""
    fields = {field.name for field in vector.type.strip_typedefs().fields()}
    if "__begin_" in fields:  # libc++
        begin, end = vector["__begin_"], vector["__end_"]
    else:  # libstdc++
        begin, end = vector["_M_impl"]["_M_start"], vector["_M_impl"]["_M_finish"]
    return begin, begin.type.strip_typedefs().target(), int(begin), int(end)


def vector_elements(vector):
    """The elements of a std::vector of classes, as gdb values."""
    begin, element, first, end = vector_bounds(vector)
    size = (end - first) // element.sizeof
    if not 0 <= size <= 10000:
        raise Unreadable
    return [(begin + i).dereference() for i in range(size)]


class Table:
    """A matrix or vector in the program's memory; rows are read when they are asked for."""

    def __init__(self, values, rows=None, cols=None):
        try:
            _, scalar, self.begin, end = vector_bounds(values)
            scalar = scalar.strip_typedefs()
            self.width = scalar.sizeof
            self.code = {4: "f", 8: "d"}.get(self.width) if scalar.code == gdb.TYPE_CODE_FLT else None
            size = (end - self.begin) // self.width
            self.rows = 1 if rows is None else int(rows)
            self.cols = size if cols is None else int(cols)
        except gdb.error as error:
            raise Unreadable from error
        if self.code is None or not 0 <= size <= MAX_SIZE or self.rows * self.cols != size:
            raise Unreadable

    def row(self, i, count=None):
        count = self.cols if count is None else min(count, self.cols)
        address = self.begin + i * self.cols * self.width
        try:
            memory = bytes(gdb.selected_inferior().read_memory(address, count * self.width))
        except (gdb.error, OverflowError) as error:
            raise Unreadable from error
        return struct.unpack("%d%s" % (count, self.code), memory)

    def shape(self):
        return "%dx%d" % (self.rows, self.cols)

    def lines(self, max_rows, max_cols):
        """The values with four significant digits, one line a row, aligned."""
        if self.cols == 0:
            return []
        cells = [["%.4g" % value for value in self.row(i, max_cols)]
                 for i in range(min(self.rows, max_rows))]
        if self.cols > max_cols:
            for line in cells:
                line.append("...")
        width = max([len(cell) for line in cells for cell in line], default=0)
        label = len("[%d]" % max(len(cells) - 1, 0))
        result = [("[%d]" % i).rjust(label) + "  " + "  ".join(cell.rjust(width) for cell in line)
                  for i, line in enumerate(cells)]
        if self.rows > max_rows:
            result.append("...".rjust(label))
        return result


def plain(value):
    """The object itself, without references, pointers and typedefs around it."""
    kind = value.type.strip_typedefs()
    while kind.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF, gdb.TYPE_CODE_PTR):
        value = value.referenced_value()
        kind = value.type.strip_typedefs()
    return value


def class_of(value):
    return value.type.strip_typedefs().unqualified().name or ""


def matrix_table(value):
    return Table(value["values_"], value["rows_"], value["cols_"])


def table_of(expression):
    """The table that an expression of the program's language stands for, or a clear complaint."""
    value = plain(gdb.parse_and_eval(expression))
    try:
        if class_of(value) == "hourglass::Matrix":
            return "Matrix", matrix_table(value)
        if class_of(value).startswith("std::vector<"):
            return "Vector", Table(value)
    except Unreadable as error:
        raise gdb.GdbError("%s is uninitialized" % expression) from error
    raise gdb.GdbError("%s is a %s; expected a Matrix or a Vector" % (expression, value.type))


class MatrixPrinter:
    """Matrix 5x35, then its first rows."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        try:
            table = matrix_table(self.value)
            lines = table.lines(MAX_ROWS, MAX_COLS)
        except (Unreadable, gdb.error):
            return "Matrix <uninitialized>"
        return "\n".join(["Matrix " + table.shape()] + lines)


class DensePrinter:
    """A layer: W, b, dW, db by name."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        try:
            W = matrix_table(self.value["W"])
        except (Unreadable, gdb.error):
            return "Dense <uninitialized>"
        return "Dense %d -> %d" % (W.cols, W.rows)

    def children(self):
        for name in ("W", "b", "dW", "db"):
            yield name, self.value[name]


class WorkspacePrinter:
    """What a pass computed: Z, A, dZ, dA of every layer by name."""

    NAMES = ("Z", "A", "dZ", "dA")

    def __init__(self, value):
        self.value = value

    def matrices(self, name):
        return vector_elements(self.value[name])

    def to_string(self):
        try:
            layers = len(self.matrices("A")) - 1
            samples = matrix_table(self.matrices("A")[0]).rows if layers >= 0 else 0
        except (Unreadable, gdb.error):
            return "Workspace <uninitialized>"
        return "Workspace of %d layers, n = %d" % (layers, samples)

    def children(self):
        for name in self.NAMES:
            try:
                for layer, matrix in enumerate(self.matrices(name)):
                    yield "%s[%d]" % (name, layer), matrix
            except (Unreadable, gdb.error):
                return


PRINTERS = {
    "hourglass::Matrix": MatrixPrinter,
    "hourglass::Dense": DensePrinter,
    "hourglass::Workspace": WorkspacePrinter,
}


class Printers:
    """Chooses a printer by the name of the class; `disable pretty-printer` knows it by this name."""

    name = "hourglass"
    enabled = True
    subprinters = None

    def __call__(self, value):
        printer = PRINTERS.get(class_of(value))
        return printer(value) if printer else None


class Shapes(gdb.Command):
    """shapes WORKSPACE: the shapes of Z, A, dZ and dA, layer by layer. Layer 0 is the input."""

    def __init__(self):
        super().__init__("shapes", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        value = plain(gdb.parse_and_eval(argument or "ws"))
        if class_of(value) != "hourglass::Workspace":
            raise gdb.GdbError("%s is a %s; expected a Workspace" % (argument, value.type))
        try:
            columns = [WorkspacePrinter(value).matrices(name) for name in WorkspacePrinter.NAMES]
        except (Unreadable, gdb.error) as error:
            raise gdb.GdbError("%s is uninitialized" % argument) from error
        print("layer" + "".join("%10s" % name for name in WorkspacePrinter.NAMES))
        for layer, matrices in enumerate(zip(*columns)):
            print("%5d" % layer + "".join("%10s" % self.shape(matrix) for matrix in matrices))

    @staticmethod
    def shape(matrix):
        try:
            table = matrix_table(matrix)
        except Unreadable:
            return "?"
        return table.shape() if table.rows * table.cols > 0 else "-"


class PrintMatrix(gdb.Command):
    """pm EXPRESSION: all of a Matrix or Vector, as a table with four significant digits."""

    def __init__(self):
        super().__init__("pm", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        kind, table = table_of(argument)
        try:
            lines = table.lines(table.rows, table.cols)
        except Unreadable as error:
            raise gdb.GdbError("%s is uninitialized" % argument) from error
        print(kind, table.shape() if kind == "Matrix" else table.cols)
        for line in lines:
            print(line)


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
            return table.row(i)[j]
        except Unreadable as error:
            raise gdb.GdbError("$at: the matrix is uninitialized") from error


gdb.pretty_printers[:] = [p for p in gdb.pretty_printers if getattr(p, "name", "") != "hourglass"]
gdb.pretty_printers.insert(0, Printers())
Shapes()
PrintMatrix()
Glyph()
At()
