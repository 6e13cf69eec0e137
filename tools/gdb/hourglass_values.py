"""Hourglass in gdb: reads matrices, layers and strings out of the program's memory."""

import struct

import gdb

MAX_ROWS = 12  # of a table that a plain `print` shows; `pm` shows all
MAX_COLS = 12
MAX_SIZE = 1 << 28  # elements; beyond this a matrix is taken for uninitialized memory
NO_LIMIT = 1 << 30

# What gdb raises where memory is not what a type says.
ERRORS = (gdb.error, OverflowError, UnicodeDecodeError)


class Unreadable(Exception):
    """What stands there is not a matrix (yet): its fields contradict each other."""


def screen_width():
    """How long a line of a table may be: what `set width` says. 0 there is no limit."""
    return gdb.parameter("width") or NO_LIMIT


# ---- Values ---------------------------------------------------------------------------------------


def plain(value):
    """The object itself, without references, pointers and typedefs around it."""
    kind = value.type.strip_typedefs()
    while kind.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF, gdb.TYPE_CODE_PTR):
        value = value.referenced_value()
        kind = value.type.strip_typedefs()
    return value


def class_of(value):
    return value.type.strip_typedefs().unqualified().name or ""


def is_a(value, base):
    """Is the value's class `base`, or derived from it?"""
    kinds = [value.type.strip_typedefs().unqualified()]
    while kinds:
        kind = kinds.pop()
        if kind.name == base:
            return True
        if kind.code == gdb.TYPE_CODE_STRUCT:
            kinds += [field.type.strip_typedefs() for field in kind.fields() if field.is_base_class]
    return False


def dynamic(value):
    """A polymorphic object in the type that it was made as."""
    pointer = value.address
    return pointer.cast(pointer.dynamic_type).dereference()


def enumerator(value):
    """`tanh` for Activation::Kind::tanh."""
    name = str(value).rpartition("::")[2]
    if not name.isidentifier():
        raise Unreadable
    return name


def string(value):
    """The characters of a std::string."""
    if "_M_string_length" not in {field.name for field in value.type.strip_typedefs().fields()}:
        return value.format_string().strip('"')  # libc++, whose printers know
    size = int(value["_M_string_length"])
    if not 0 <= size <= 1000:
        raise Unreadable
    try:
        return value["_M_dataplus"]["_M_p"].string("utf-8", length=size)
    except ERRORS as error:
        raise Unreadable from error


def bounds(values):
    """A std::vector's or std::span's pointer to its first element, and both ends as numbers."""
    fields = {field.name for field in values.type.strip_typedefs().fields()}
    if "_M_ptr" in fields:  # std::span of libstdc++
        begin = values["_M_ptr"]
        return begin, int(begin), int(begin + values["_M_extent"]["_M_extent_value"])
    if "__size_" in fields:  # std::span of libc++
        begin = values["__data_"]
        return begin, int(begin), int(begin + values["__size_"])
    if "__begin_" in fields:  # std::vector of libc++
        begin, end = values["__begin_"], values["__end_"]
    else:
        begin, end = values["_M_impl"]["_M_start"], values["_M_impl"]["_M_finish"]
    return begin, int(begin), int(end)


def elements(vector):
    """The elements of a std::vector, as gdb values."""
    begin, first, end = bounds(vector)
    size = (end - first) // begin.type.strip_typedefs().target().sizeof
    if not 0 <= size <= 10000:
        raise Unreadable
    return [(begin + i).dereference() for i in range(size)]


def layers(network):
    """The layers of a Network, each in its dynamic type."""
    result = []
    for owner in elements(network["layers_"]):  # a std::unique_ptr is one pointer and nothing else
        kind = owner.type.strip_typedefs().template_argument(0)
        result.append(dynamic(owner.address.cast(kind.pointer().pointer()).dereference().dereference()))
    return result


def kept(one_pass):
    """What a Pass keeps: pairs of a name and a Matrix."""
    return [(string(each["name"]), each["value"]) for each in elements(one_pass["kept"])]


# ---- Tables ---------------------------------------------------------------------------------------


class Table:
    """A matrix, vector or span in the program's memory; rows are read when they are asked for."""

    def __init__(self, values, rows=None, cols=None):
        try:
            begin, self.begin, end = bounds(values)
            scalar = begin.type.strip_typedefs().target().strip_typedefs()
            self.width = scalar.sizeof
            self.code = {4: "f", 8: "d"}.get(self.width) if scalar.code == gdb.TYPE_CODE_FLT else None
            size = (end - self.begin) // self.width
            self.rows = 1 if rows is None else int(rows)
            self.cols = size // max(self.rows, 1) if cols is None else int(cols)
        except ERRORS as error:
            raise Unreadable from error
        if self.code is None or not 0 <= size <= MAX_SIZE or self.rows * self.cols != size:
            raise Unreadable

    def row(self, i, first=0, count=None):
        count = self.cols - first if count is None else max(min(count, self.cols - first), 0)
        address = self.begin + (i * self.cols + first) * self.width
        try:
            memory = bytes(gdb.selected_inferior().read_memory(address, count * self.width))
        except ERRORS as error:
            raise Unreadable from error
        return struct.unpack("%d%s" % (count, self.code), memory)

    def shape(self):
        return "%dx%d" % (self.rows, self.cols)

    def block(self, first, count, rows, room):
        """Four significant digits of the columns from `first` on, one line a row, aligned: at most `count`
        columns and what fits into `room` characters. The lines, and how many columns that were."""
        cells = [["%.4g" % value for value in self.row(i, first, count)] for i in range(rows)]
        label = len("[%d]" % (rows - 1))
        count = len(cells[0])
        while True:
            width = max(len(cell) for line in cells for cell in line[:count])
            if count == 1 or label + count * (2 + width) <= room:
                break
            count -= 1
        return [("[%d]" % i).rjust(label) + "".join("  " + cell.rjust(width) for cell in line[:count])
                for i, line in enumerate(cells)], count

    def lines(self):
        """As much as one look takes in: for `print`."""
        if self.rows * self.cols == 0:
            return []
        room = screen_width() - len("  ...") - len(", ")  # gdb goes on behind the last number
        lines, count = self.block(0, min(self.cols, MAX_COLS), min(self.rows, MAX_ROWS), room)
        if count < self.cols:
            lines = [line + "  ..." for line in lines]
        return lines + (["..."] if self.rows > MAX_ROWS else [])

    def all_lines(self):
        """Every number: for `pm`. What does not fit beside stands below."""
        if self.rows * self.cols == 0:
            return []
        room = screen_width()
        lines, first = self.block(0, min(self.cols, room), self.rows, room)
        if first < self.cols:
            lines.insert(0, "columns 0 to %d" % (first - 1))
        while first < self.cols:
            more, count = self.block(first, room, self.rows, room)
            lines += ["columns %d to %d" % (first, first + count - 1)] + more
            first += count
        return lines


def matrix_table(value):
    return Table(value["values_"], value["rows_"], value["cols_"])


def table_of(expression):
    """The table that an expression of the program's language stands for, or a clear complaint."""
    value = plain(gdb.parse_and_eval(expression))
    try:
        if class_of(value) == "hourglass::Matrix":
            return "Matrix", matrix_table(value)
        if class_of(value).startswith(("std::vector<", "std::span<")):
            return "Vector", Table(value)
    except Unreadable as error:
        raise gdb.GdbError("%s is uninitialized" % expression) from error
    raise gdb.GdbError("%s is a %s; expected a Matrix or a Vector" % (expression, value.type))
