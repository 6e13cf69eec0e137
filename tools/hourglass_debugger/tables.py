"""Numbers of the program as text: aligned tables, what a look at all of them says, and small pictures."""

import array
import math

from hourglass_debugger import values
from hourglass_debugger.values import MAX_SIZE, Complaint, Unreadable, bounds

MAX_ROWS = 12  # of a table that a plain `print` shows; `pm` shows all
MAX_COLS = 12
MAX_COUNTED = 1 << 20  # numbers whose least, largest and mean are worth the wait
NO_LIMIT = 1 << 30


def screen_width():
    """How long a line of a table may be: what `set width` says. 0 there is no limit."""
    return values.debugger.width() or NO_LIMIT


class Table:
    """A matrix, vector or span in the program's memory; numbers are read when they are asked for."""

    def __init__(self, vector, rows=None, cols=None):
        try:
            begin, size = bounds(vector)
            self.begin, self.width = begin.number(), begin.element_size()
            scalar = begin.is_scalar()
        except Unreadable:
            raise
        except Exception as error:
            raise Unreadable from error
        self.rows = 1 if rows is None else rows
        self.cols = size // max(self.rows, 1) if cols is None else cols
        self.code = {4: "f", 8: "d"}.get(self.width) if scalar else None
        if self.code is None or not 0 <= size <= MAX_SIZE or self.rows * self.cols != size:
            raise Unreadable

    def size(self):
        return self.rows * self.cols

    def shape(self):
        return "%dx%d" % (self.rows, self.cols)

    def address(self, i, j):
        return self.begin + (i * self.cols + j) * self.width

    def numbers(self, first=0, count=None):
        """`count` numbers from number `first` on."""
        count = self.size() - first if count is None else count
        result = array.array(self.code)
        if count > 0:
            try:
                result.frombytes(values.debugger.read(self.begin + first * self.width, count * self.width))
            except Exception as error:
                raise Unreadable from error
        return result

    def row(self, i, first=0, count=None):
        count = self.cols - first if count is None else max(min(count, self.cols - first), 0)
        return self.numbers(i * self.cols + first, count)

    def all_rows(self):
        numbers = self.numbers()
        return [numbers[i * self.cols:(i + 1) * self.cols] for i in range(self.rows)]

    def at(self, i, j):
        return self.row(i, j, 1)[0]

    def set(self, i, j, number):
        values.debugger.write(self.address(i, j), array.array(self.code, [number]).tobytes())

    def summary(self):
        """min, max and mean of what is a number, and how many are zero or NaN."""
        if self.size() == 0:
            return "empty"
        if self.size() > MAX_COUNTED:
            return ""
        numbers = self.numbers()
        finite = numbers
        total = sum(numbers)
        if not math.isfinite(total):
            finite = [x for x in numbers if x == x]
            total = sum(finite)
        nans = len(numbers) - len(finite)
        parts = ["min %.4g  max %.4g  mean %.4g" % (min(finite), max(finite), total / len(finite))] if finite else []
        return "  ".join(parts + ["zeros %d" % numbers.count(0), "NaN %d" % nans])

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
        if self.size() == 0:
            return []
        room = screen_width() - len("  ...") - len(", ")  # a debugger goes on behind the last number
        lines, count = self.block(0, min(self.cols, MAX_COLS), min(self.rows, MAX_ROWS), room)
        if count < self.cols:
            lines = [line + "  ..." for line in lines]
        return [self.summary()] + lines + (["..."] if self.rows > MAX_ROWS else [])

    def all_lines(self):
        """Every number: for `pm`. What does not fit beside stands below."""
        if self.size() == 0:
            return []
        room = screen_width()
        lines, first = self.block(0, min(self.cols, room), self.rows, room)
        if first < self.cols:
            lines.insert(0, "columns 0 to %d" % (first - 1))
        while first < self.cols:
            more, count = self.block(first, room, self.rows, room)
            lines += ["columns %d to %d" % (first, first + count - 1)] + more
            first += count
        return [self.summary()] + lines


def matrix_table(value):
    try:
        return Table(value["values_"], value["rows_"].number(), value["cols_"].number())
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable from error


def table_for(value):
    """That of a Matrix, Vector or span."""
    return matrix_table(value) if values.is_matrix(value) else Table(value)


def table_of(value, name):
    """The table of what a command names, or a clear complaint."""
    try:
        if values.is_matrix(value) or values.is_vector(value):
            return table_for(value)
    except Unreadable as error:
        raise Complaint("%s is uninitialized" % name) from error
    raise Complaint("%s is a %s; expected a Matrix or a Vector" % (name, value.kind or "number"))


# ---- Pictures ----------------------------------------------------------------------------------------

SHADES = ((-0.6, "="), (-0.2, "-"), (0.2, "."), (0.6, "+"), (math.inf, "#"))
LEGEND = "# + . - =  from %.3g through 0 to -%.3g"


def picture(numbers, width, largest):
    """Rows of characters: # is large, = is as large below zero, . is near zero."""
    text = ""
    for x in numbers:
        share = x / largest if largest else 0
        text += "?" if share != share else next(shade for bound, shade in SHADES if share <= bound)
    return [text[at:at + width] for at in range(0, len(text), width)]


def side_by_side(pictures, room):
    """Several pictures with their titles, as many beside each other as there is room for."""
    wide = max(max(len(title), len(lines[0])) for title, lines in pictures)
    beside = max((room + 2) // (wide + 2), 1)
    result = []
    for first in range(0, len(pictures), beside):
        group = pictures[first:first + beside]
        for line in zip(*([title] + lines for title, lines in group)):
            result.append("  ".join(part.ljust(wide) for part in line).rstrip())
    return result
