"""`hg step`, `hg backprop`, `hg watch` and `hg start`: to the next place where something is computed."""

import math
import textwrap

from hourglass_debugger import values
from hourglass_debugger.tables import screen_width, table_for
from hourglass_debugger.texts import layer_shapes, layer_text, network_text, shape_or_question
from hourglass_debugger.values import (PREFIX, Complaint, Place, equation_lines, equations_above, is_matrix,
                                       source_lines, tensors, trailing_comment)

# What a network does with all of its layers: from there on it is known which kinds of layers there are.
PASSES = tuple(PREFIX + "Network::" + name for name in ("forward", "backward", "backward_input", "apply"))
LOSSES = tuple(PREFIX + name for name in ("mean_squared_error", "mean_absolute_error", "tanh_cross_entropy",
                                          "sigmoid_cross_entropy", "softmax_cross_entropy"))
ACTIVATIONS = (PREFIX + "activation_forward", PREFIX + "activation_backward")


def kinds(place):
    """The classes of the network's layers, each once."""
    found = [layer.kind for layer in place.layers] or ([place.layer.kind] if place.layer is not None else [])
    return list(dict.fromkeys(found))


def go_to(places_of):
    """Goes on to one of the places that places_of(kinds) gives; on the way it learns which kinds there are.
    False if the program stopped elsewhere."""
    while True:
        known = kinds(Place())
        places = places_of(known)
        first = [] if known else list(PASSES)
        if not values.debugger.run_to(places + first):
            return False
        if known or not values.debugger.frames()[0].function.startswith(PREFIX + "Network::"):
            return True


def show(text):
    """Prints a text in lines that fit the terminal."""
    indent = " " * (len(text) - len(text.lstrip()))
    print("\n".join(textwrap.wrap(text.strip(), screen_width(), initial_indent=indent,
                                  subsequent_indent=indent + "  ", break_on_hyphens=False)) or text)


def show_place():
    """The line that the program stands on, as a debugger shows it."""
    frame = next(iter(values.debugger.frames()))
    lines = source_lines(frame.file)
    if 0 < frame.line <= len(lines):
        print("%d\t%s" % (frame.line, lines[frame.line - 1]))


def functions(kind_names, names):
    return [kind + "::" + name for kind in kind_names for name in names]


# ---- hg step -----------------------------------------------------------------------------------------


def step():
    """On to the next forward or backward of a layer."""
    if not go_to(lambda known: functions(known, ("forward", "backward"))):
        return
    place, frame = Place(), values.debugger.frames()[0]
    show("%s of %s" % (frame.function.rpartition("::")[2], where(place)))
    for line in equations_above(frame.file, frame.line) + [shapes(frame, place.layer)]:
        show("    " + line)
    show_place()


def where(place):
    """layer 2 of 6, Dense encoder.1: 25 -> 15, tanh"""
    if place.layer is None:
        return "a layer"
    of = "layer %d of %d, " % (place.l, len(place.layers)) if place.l else ""
    return of + layer_text(place.layer)


def shapes(frame, layer):
    """X 5x35  W 25x35  b 25: of the function's matrices, and of the layer's."""
    shown = ["%s %s" % (name, shape_or_question(value.plain())) for name, value in frame.variables()
             if is_matrix(value.plain())]
    return "  ".join(shown + ([layer_shapes(layer)] if layer is not None else []))


# ---- hg backprop -------------------------------------------------------------------------------------


def equation_places(known):
    """The places of the backward pass: the loss, each equation of each layer, and each activation's."""
    places = list(LOSSES) + [ACTIVATIONS[1]]
    for kind in known:
        for name in (kind + "::backward", kind + "::backward_input"):
            for path, first in values.debugger.functions(name):
                lines = source_lines(path)
                if 0 < first <= len(lines) and "{}" in lines[first - 1]:
                    continue  # it has no parameters
                found = [(path, line) for line in equation_lines(path, first)]
                places += found or [name]
    return places


def backprop():
    """On to the next equation of the backward pass."""
    if not go_to(equation_places):
        return
    place, frames = Place(), values.debugger.frames()
    frame = frames[0]
    show(frame.function.removeprefix(PREFIX) + (" of " + where(place) if place.layer is not None else ""))
    layer = place.layer if frame.function.startswith(tuple(kinds(place))) else None
    for line in equation_here(frames) + [shapes(frame, layer)]:
        show("    " + line)
    show_place()


def equation_here(frames):
    """What the line says that it computes, else what its function says, else the line that called it."""
    lines = source_lines(frames[0].file)
    here = trailing_comment(lines[frames[0].line - 1]) if 0 < frames[0].line <= len(lines) else ""
    if " = " in here:
        return [here]
    above = [text for text in equations_above(frames[0].file, frames[0].line) if " = " in text]
    if above or len(frames) < 2:
        return above
    lines = source_lines(frames[1].file)
    caller = trailing_comment(lines[frames[1].line - 1]) if 0 < frames[1].line <= len(lines) else ""
    return [caller] if caller else []


# ---- hg watch ----------------------------------------------------------------------------------------

INPUTS = {"forward": ("X",), "backward": ("dZ",), "backward_input": ("dZ",), "activation_forward": ("Z",),
          "activation_backward": ("dA",)}


def first_wrong(table):
    """The position and the value of the first number that is none."""
    numbers = table.numbers()
    if math.isfinite(sum(numbers)):
        return None
    return next(((at, x) for at, x in enumerate(numbers) if not math.isfinite(x)), None)


def reason_to_stop():
    """What of the numbers that this function is given, or its layer has, is not finite; None: nothing."""
    frame = values.debugger.frames()[0]
    name = frame.function.rpartition("::")[2]
    variables = [(shown, value.plain()) for shown, value in frame.variables() if shown in INPUTS.get(name, ())]
    layer = next((value.plain() for shown, value in frame.variables() if shown == "this"), None)
    if layer is not None:
        variables += [pair for pair in tensors(layer) if not pair[0].startswith("d") or name == "backward_input"]
    for shown, value in variables:
        text = wrong_text(shown, value)
        if text:
            return "%s: %s, which came from before %s" % (frame.function.removeprefix(PREFIX), text, name)
    return None


def wrong_text(shown, value):
    table = table_for(value)
    found = first_wrong(table) if table.size() else None
    if found is None:
        return ""
    at, number = found
    place = Place()
    index = "%d,%d" % divmod(at, table.cols) if is_matrix(value) else "%d" % at
    return "%s[%s] is %s" % (full_name(place, shown, value), index, "NaN" if number != number else "%g" % number)


def full_name(place, shown, value):
    """encoder.1.Z, where the workspace or the network has that matrix."""
    if place.workspace is not None and place.network is not None:
        for l in range(1, len(place.layers) + 1):
            for name in ("Z", "A", "dZ", "dA"):
                if place.matrix(name, l).address == value.address:
                    return "%s.%s" % (place.name_of(l), name)
        if place.matrix("A", 0).address == value.address:
            return "X, the batch,"
        if place.l:
            return "%s.%s" % (place.name_of(place.l), shown)
    return shown


def watch(text):
    """Stops as soon as a layer or an activation is given a number that is none."""
    if text == "off":
        values.debugger.watch([], None)
        return
    if text != "nan":
        raise Complaint("hg watch: expected nan or off, got '%s'" % text)
    known = kinds(Place())
    if not known:
        raise Complaint("hg watch needs a network in sight: hg start leads to one")
    values.debugger.watch(functions(known, ("forward", "backward", "backward_input")) + list(ACTIVATIONS),
                          reason_to_stop)
    print("Stops where the first NaN or infinity arrives; hg watch off ends that.")


# ---- hg start ----------------------------------------------------------------------------------------


def start():
    """To the training loop, before its first forward pass."""
    if not values.debugger.start(PREFIX + "Network::forward"):
        return
    values.debugger.select_caller()
    place = Place()
    if place.network is not None:
        show("In the training loop, before its first forward pass: " + network_text(place.network))
    show_place()
    print("hg step goes to the first layer, hg backprop to the loss; hg lists the rest.")
