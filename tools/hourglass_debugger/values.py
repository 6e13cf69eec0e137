"""Reads matrices, layers, networks and workspaces out of the program's memory, whichever debugger shows it."""

MAX_SIZE = 1 << 28  # elements; beyond this a matrix is taken for uninitialized memory


class Unreadable(Exception):
    """What stands there is not an object of its class (yet): its fields contradict each other."""


class Complaint(Exception):
    """What a command says, in a line, of something that it cannot do."""


class Value:
    """An object of the program. gdb's and lldb's adapters derive from this.

    kind           the name of its class, without references, typedefs and const
    address        where it is
    self[field]    a member, also an inherited one
    has(field)     is there such a member?
    fields()       pairs of a name and a Value: the members that its own class has
    is_a(base)     is its class `base`, or derived from it?
    number()       an int, or a float where it is one
    enumerator()   "tanh" for Activation::Kind::tanh
    plain()        the object itself, behind references and pointers
    dynamic()      the object as the class that it was made as
    owned()        what a std::unique_ptr owns, so too
    element(i)     of a pointer: the i-th object from there on
    element_size() of a pointer: how large each is
    is_scalar()    of a pointer: does it point to float or double?
    is_number()    is it an integer or a floating-point number itself?
    size()         in bytes
    like_at(a)     an object of its class at another address
    """


class Debugger:
    """What the shared part asks of a debugger.

    patience                  how many elements of a tensor `hg check` compares, where each takes four calls
    read(address, size), write(address, data)   the program's memory
    evaluate(expression)      a Value, or a Complaint
    frames()                  from the selected one outwards, each with function, file, line, variables()
    call(function, *words)    calls a member function of that name; words are addresses
    alone()                   a context in which no breakpoint and no other thread comes between calls
    allocate(size)            memory of the program's own, which stays
    process()                 which process it is
    functions(name)           pairs of a file and a line where functions of that name begin
    run_to(places)            goes on until one of the places, names of functions or (file, line), is reached;
                              false if the program stopped elsewhere, which the debugger has then said itself
    start(place)              starts the program and runs to that place
    select_caller()           moves one frame outwards
    watch(places, found)      whenever the program comes to one of the places, asks found() for a reason to stop
    width()                   columns of the terminal; 0: no limit
    """


debugger = None  # the one that runs this: an adapter sets it


def use(adapter):
    global debugger
    debugger = adapter


# ---- The standard library's ------------------------------------------------------------------------


def string(value):
    """The characters of a std::string."""
    if not value.has("_M_string_length"):
        return value.text()  # libc++, whose printers know
    size = value["_M_string_length"].number()
    if not 0 <= size <= 1000:
        raise Unreadable
    return debugger.read(value["_M_dataplus"]["_M_p"].number(), size).decode()


def bounds(values):
    """A std::vector's or std::span's pointer to its first element, and how many there are."""
    if values.has("_M_ptr"):  # std::span of libstdc++
        return values["_M_ptr"], values["_M_extent"]["_M_extent_value"].number()
    if values.has("__size_"):  # std::span of libc++
        return values["__data_"], values["__size_"].number()
    if values.has("__begin_"):  # std::vector of libc++
        begin, end = values["__begin_"], values["__end_"]
    elif values.has("_M_impl"):
        begin, end = values["_M_impl"]["_M_start"], values["_M_impl"]["_M_finish"]
    else:
        raise Unreadable
    return begin, (end.number() - begin.number()) // begin.element_size()


def elements(vector):
    """The elements of a std::vector."""
    begin, size = bounds(vector)
    if not 0 <= size <= 10000:
        raise Unreadable
    return [begin.element(i) for i in range(size)]


# ---- Hourglass's -----------------------------------------------------------------------------------

PREFIX = "hourglass::"


def class_name(value):
    return value.kind.removeprefix(PREFIX)


def is_matrix(value):
    return value.kind == PREFIX + "Matrix"


def is_vector(value):
    """Is it a Vector or a span of numbers?"""
    if not value.kind.startswith(("std::vector<", "std::span<", "hourglass::Vector")):
        return False
    try:
        return bounds(value)[0].is_scalar()
    except Exception:  # pylint: disable=broad-except  # it is something else
        return False


def layers(network):
    """The layers of a Network, each as the kind that it is."""
    return [owner.owned() for owner in elements(network["layers_"])]


def kept(one_pass):
    """What a Pass keeps: pairs of a name and a Matrix."""
    return [(string(each["name"]), each["value"]) for each in elements(one_pass["kept"])]


def tensors(layer):
    """A layer's matrices and vectors by name: W, b, dW, db, ..."""
    return [(name, value) for name, value in layer.fields() if is_matrix(value) or is_vector(value)]


# ---- Where the program stands ----------------------------------------------------------------------


class Place:
    """The network, the workspace and the layer that are in sight from the selected frame, if they are."""

    def __init__(self):
        self.network = self.workspace = self.layer = None
        self.l = 0  # the layer's number in the network, from 1; 0: none
        loop = None  # the number of the layer that a loop over all of them is at
        frames = debugger.frames()
        inner = frames[0].function
        for frame in frames:
            for name, value in frame.variables():
                self.take(name, value)
                if name == "l" and loop is None and frame.function.startswith(PREFIX + "Network::"):
                    loop = value.number() - (inner == PREFIX + "activation_backward")  # it is on its way to l - 1
            if self.network is not None and self.workspace is not None:
                break
        every = layers(self.network) if self.network is not None else []
        if self.layer is not None:
            self.l = next((l for l, one in enumerate(every, 1) if one.address == self.layer.address), 0)
        if not self.l and loop is not None and 1 <= loop <= len(every):  # also where `this` is not set up yet
            self.l, self.layer = loop, every[loop - 1]
        self.layers = every

    def take(self, name, value):
        """Notes a variable if it is one of the three; those of an inner frame come first."""
        try:
            value = value.plain()
            if not value.kind.startswith(PREFIX):
                return
            if self.workspace is None and value.kind == PREFIX + "Workspace":
                self.workspace = value if bounds(value["A"])[1] > 0 else None
            elif self.network is None and value.is_a(PREFIX + "Network"):
                self.network = value if layers(value) else None
            elif self.layer is None and name == "this" and value.is_a(PREFIX + "Layer"):
                self.layer = value.dynamic()
            elif value.kind == PREFIX + "Training":
                self.take("model", value["model"])
                self.take("ws", value["ws"])
        except Exception:  # pylint: disable=broad-except  # not there yet
            return

    def matrix(self, name, l):
        """Z, A, dZ or dA of layer l."""
        return elements(self.workspace[name])[l]

    def kept(self, l):
        return kept(elements(self.workspace["pass"])[l])

    def number_of(self, name):
        """The number of the layer of that name, or 0."""
        return next((l for l, one in enumerate(self.layers, 1) if string(one["name"]) == name), 0)

    def name_of(self, l):
        """`encoder.1`, or `layer 2` of a network whose layers have no names."""
        return string(self.layers[l - 1]["name"]) or "layer %d" % l

    def tensor(self, name, l):
        """A tensor of layer l: its own, one of the workspace, or one that the layer keeps; None: there is none."""
        layer = self.layers[l - 1] if l else self.layer
        own = dict(tensors(layer))
        if name in own:
            return own[name]
        if name in ("X", "dX", "Z", "A", "dZ", "dA") and self.workspace is not None and l:
            at = l - 1 if name in ("X", "dX") else l
            return self.matrix({"X": "A", "dX": "dA"}.get(name, name), at)
        if self.workspace is not None and l:
            return dict(self.kept(l)).get(name)
        return None


def find(text, place=None):
    """What a command's words name: `encoder.1.dW`, a tensor of the layer at hand, or an expression."""
    place = place or Place()
    owner, _, name = text.rpartition(".")
    l = place.number_of(owner) if owner else place.l
    if (l or (not owner and place.layer is not None)) and name.isidentifier():
        value = place.tensor(name, l)
        if value is not None:
            return value.plain()
    return debugger.evaluate(text).plain()


# ---- Where the sources say what a line computes ------------------------------------------------------


def source_lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()
    except OSError:
        return []


def trailing_comment(line):
    return line.partition("//")[2].strip() if "//" in line else ""


def equations_above(path, line):
    """The comment above the function that has this line: `dW = dZ^T X     db = sum_i dZ_i`. One that stands in
    its class says it behind itself."""
    lines = source_lines(path)
    at = min(line, len(lines)) - 1
    while at >= 0 and (not lines[at] or lines[at][0] in " }"):
        at -= 1
    if at < 0 or lines[at].startswith("class ") or lines[at].startswith("struct "):
        comment = trailing_comment(lines[line - 1]) if 0 < line <= len(lines) else ""
        return [comment] if comment else []
    end = at
    while at > 0 and lines[at - 1].startswith("//"):
        at -= 1
    return [text.lstrip("/ ") for text in lines[at:end] if not text.startswith("// ----")]


def equation_lines(path, first):
    """The lines of the function that begins at `first` which say behind them what they compute."""
    result = []
    for number, text in enumerate(source_lines(path)[first - 1:], first):
        if text.startswith("}"):
            break
        if " = " in trailing_comment(text):
            result.append(number)
    return result

