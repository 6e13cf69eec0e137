"""gdb, as hourglass_debugger/values.py wants a debugger to be."""

import contextlib

import gdb

from hourglass_debugger.values import Complaint, Debugger, Unreadable, Value

POINTERS = (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF, gdb.TYPE_CODE_PTR)
NUMBERS = (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_FLT, gdb.TYPE_CODE_BOOL)


class GdbValue(Value):
    def __init__(self, raw):
        self.raw = raw
        self.type = raw.type.strip_typedefs()

    @property
    def kind(self):
        return self.type.unqualified().name or ""

    @property
    def address(self):
        return int(self.raw.address)

    def __getitem__(self, field):
        return GdbValue(self.raw[field])

    def has(self, field):
        kinds = [self.type]
        while kinds:
            kind = kinds.pop()
            if kind.code == gdb.TYPE_CODE_STRUCT:
                if field in {each.name for each in kind.fields()}:
                    return True
                kinds += [each.type.strip_typedefs() for each in kind.fields() if each.is_base_class]
        return False

    def fields(self):
        return [(f.name, GdbValue(self.raw[f])) for f in self.type.fields()
                if not f.is_base_class and hasattr(f, "bitpos")]  # without what is static

    def is_a(self, base):
        kinds = [self.type.unqualified()]
        while kinds:
            kind = kinds.pop()
            if kind.name == base:
                return True
            if kind.code == gdb.TYPE_CODE_STRUCT:
                kinds += [field.type.strip_typedefs() for field in kind.fields() if field.is_base_class]
        return False

    def number(self):
        return float(self.raw) if self.type.code == gdb.TYPE_CODE_FLT else int(self.raw)

    def is_number(self):
        return self.type.code in NUMBERS

    def enumerator(self):
        name = str(self.raw).rpartition("::")[2]
        if not name.isidentifier():
            raise Unreadable
        return name

    def text(self):
        return self.raw.format_string().strip('"')

    def plain(self):
        value = self
        while value.type.code in POINTERS:
            value = GdbValue(value.raw.referenced_value())
        return value

    def dynamic(self):
        pointer = self.raw.address
        return GdbValue(pointer.cast(pointer.dynamic_type).dereference())

    def owned(self):  # a std::unique_ptr is one pointer and nothing else
        kind = self.type.template_argument(0)
        return GdbValue(self.raw.address.cast(kind.pointer().pointer()).dereference().dereference()).dynamic()

    def element(self, i):
        return GdbValue((self.raw + i).dereference())

    def element_size(self):
        return self.type.target().strip_typedefs().sizeof

    def is_scalar(self):
        return self.type.target().strip_typedefs().code == gdb.TYPE_CODE_FLT

    def size(self):
        return self.type.sizeof

    def like_at(self, address):
        return GdbValue(gdb.Value(address).cast(self.type.pointer()).dereference())


class GdbFrame:
    def __init__(self, frame):
        self.frame = frame
        self.function = frame.name() or ""
        place = frame.find_sal()
        self.file = place.symtab.fullname() if place.symtab else ""
        self.line = place.line

    def variables(self):
        """Those of the inner blocks first."""
        try:
            block = self.frame.block()
        except RuntimeError:
            return
        while block is not None:
            for symbol in block:
                if symbol.is_argument or symbol.is_variable:
                    try:
                        yield symbol.name, GdbValue(symbol.value(self.frame))
                    except gdb.error:
                        continue  # optimized out
            block = None if block.function else block.superblock


class WatchPoint(gdb.Breakpoint):
    """Stops the program where there is a reason to, and says it."""

    def __init__(self, place, found):
        super().__init__(place, internal=True)
        self.found = found

    def stop(self):
        try:
            gdb.newest_frame().select()
            reason = self.found()
        except Exception:  # pylint: disable=broad-except  # nothing there that can be judged
            return False
        if reason:
            print(reason)
        return bool(reason)


class GdbDebugger(Debugger):
    patience = 40

    def __init__(self):
        self.entries = {}  # where functions begin
        self.watched = []

    def read(self, address, size):
        return bytes(gdb.selected_inferior().read_memory(address, size))

    def write(self, address, data):
        gdb.selected_inferior().write_memory(address, data)

    def evaluate(self, expression):
        try:
            return GdbValue(gdb.parse_and_eval(expression))
        except gdb.error as error:
            raise Complaint(str(error)) from error

    def frames(self):
        try:
            frame = gdb.selected_frame()
        except gdb.error as error:
            raise Complaint("the program is not running: hg start") from error
        result = []
        while frame is not None:
            result.append(GdbFrame(frame))
            frame = frame.older()
        return result

    def entry(self, function):
        key = (gdb.current_progspace().filename, function)
        if key not in self.entries:
            block = gdb.block_for_pc(gdb.decode_line(function)[1][0].pc)
            while block.function is None:
                block = block.superblock
            self.entries[key] = block.start
        return self.entries[key]

    def call(self, function, *words):
        gdb.parse_and_eval("((void (*)(%s)) %d)(%s)" % (
            ", ".join(["unsigned long"] * len(words)), self.entry(function), ", ".join(map(str, words))))

    @contextlib.contextmanager
    def alone(self):
        enabled = [point for point in gdb.breakpoints() + tuple(self.watched) if point.enabled]
        locking = gdb.parameter("scheduler-locking")
        for point in enabled:
            point.enabled = False
        gdb.execute("set scheduler-locking on", to_string=True)
        try:
            yield
        finally:
            gdb.execute("set scheduler-locking " + locking, to_string=True)
            for point in enabled:
                point.enabled = True

    def allocate(self, size):
        return int(gdb.parse_and_eval("((unsigned long (*)(unsigned long)) malloc)(%d)" % size))

    def process(self):
        return gdb.selected_inferior().num, gdb.selected_inferior().pid

    def functions(self, name):
        try:
            places = gdb.decode_line(name)[1] or ()
        except gdb.error:
            return []
        return [(place.symtab.fullname(), place.line) for place in places if place.symtab]

    def run_to(self, places):
        if gdb.selected_inferior().pid == 0:
            raise Complaint("the program is not running: hg start")
        return self.go("continue", places)

    def go(self, command, places):
        points = [gdb.Breakpoint(source=place[0], line=place[1], internal=True) if isinstance(place, tuple)
                  else gdb.Breakpoint(place, internal=True)
                  for place in places if isinstance(place, tuple) or self.functions(place)]
        for point in points:
            point.silent = True  # what there is to be said of the place, the command says
        try:
            said = gdb.execute(command, to_string=True)
            reached = any(point.is_valid() and point.hit_count for point in points)
        except gdb.error as error:
            raise Complaint(str(error)) from error
        finally:
            for point in points:
                if point.is_valid():
                    point.delete()
        if not reached:
            print(said.strip("\n"))
        return reached

    def start(self, place):
        if gdb.selected_inferior().pid != 0:
            raise Complaint("the program is running already: hg step goes on, and after kill, hg start begins anew")
        return self.go("run", [place])

    def select_caller(self):
        gdb.selected_frame().older().select()

    def watch(self, places, found):
        for point in self.watched:
            if point.is_valid():
                point.delete()
        self.watched = [WatchPoint(place, found) for place in places if self.functions(place)]

    def width(self):
        return gdb.parameter("width") or 0
