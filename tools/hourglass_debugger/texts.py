"""What a layer, a network, a workspace and their parts say of themselves in a line."""

from hourglass_debugger.tables import Table, matrix_table, table_for
from hourglass_debugger.values import (Unreadable, bounds, class_name, elements, is_matrix, kept, layers, string,
                                       tensors)


def activation_text(f):
    """tanh, or leaky_relu(0.2)"""
    kind = f["kind"].enumerator()
    return "leaky_relu(%g)" % f["alpha"].number() if kind == "leaky_relu" else kind


def shape_text(shape):
    """28x28x1, or 64 for a row of units"""
    sides = [shape[side].number() for side in ("height", "width", "channels")]
    return str(sides[2]) if sides[:2] == [1, 1] else "x".join(map(str, sides))


def window_text(window):
    """3x3 s2 same over 28x28x1"""
    text = "%dx%d" % (window["rows"].number(), window["cols"].number())
    stride = window["stride"].number()
    text += " s%d" % stride if stride != 1 else ""
    same = window["padding"].enumerator() == "same"
    return text + (" same" if same else "") + " over " + shape_text(window["image"])


def size_texts(layer):
    """What a kind of layer says of itself in numbers: 35 -> 25, or 28x28x16, or p = 0.2."""
    own = layer.fields()
    names = {name for name, _ in own}
    for name, value in own:
        if name == "window":
            yield window_text(value)
        elif name == "shape":
            yield shape_text(value)
        elif name == "W" and "window" not in names:
            W = matrix_table(value)
            yield "%d -> %d" % (W.cols, W.rows)
        elif name == "has_bias":
            if not value.number():
                yield "no bias"
        elif value.is_number():
            yield "%s = %g" % (name, value.number())


def layer_text(layer):
    """Dense encoder.0: 35 -> 25, tanh, or MaxPool encoder.1: 2x2 s2 over 28x28x16, identity"""
    name = string(layer["name"])
    kind = class_name(layer) + (" " + name if name else "")
    return kind + ": " + ", ".join([*size_texts(layer), activation_text(layer["activation"])])


def out_width(layer):
    """How many numbers a sample has behind it, where its members say so."""
    names = dict(layer.fields())
    if "window" in names:
        window = names["window"]
        if class_name(layer) == "TransposedConvolution":
            image = window["image"]
            return image["height"].number() * image["width"].number() * image["channels"].number()
        channels = matrix_table(names["W"]).rows if "W" in names else window["image"]["channels"].number()
        return window["places_down"].number() * window["places_across"].number() * channels
    if "W" in names:
        return matrix_table(names["W"]).rows
    if "latent_size" in names:
        return names["latent_size"].number()
    if "shape" in names:
        shape = names["shape"]
        size = shape["height"].number() * shape["width"].number() * shape["channels"].number()
        return size * names["factor"].number() ** 2 if "factor" in names else size
    raise Unreadable


def network_lines(network):
    """A heading, then a line for each layer."""
    every = layers(network)
    if not every:
        raise Unreadable
    return (["%s of %d layers" % (class_name(network), len(every))] +
            ["[%d]  %s" % (l, layer_text(layer)) for l, layer in enumerate(every, 1)])


def network_text(network):
    """Autoencoder of 6 layers, 25-15-2-15-25-35; of a long text, the first and last two widths"""
    every = layers(network)
    if not every:
        raise Unreadable
    widths = [str(out_width(one)) for one in every]
    if len(widths) > 5 and len("-".join(widths)) > 26:  # what leaves a line of info locals its 80 columns
        widths[2:-2] = ["..."]
    return "%s of %d layers, %s" % (class_name(network), len(every), "-".join(widths))


WORKSPACE = ("Z", "A", "dZ", "dA")


def workspace_text(workspace):
    A = elements(workspace["A"])
    if not A:
        raise Unreadable
    return "Workspace of %d layers, n = %d" % (len(A) - 1, matrix_table(A[0]).rows)


def workspace_matrices(workspace):
    """Pairs of `dZ[3]` and a Matrix, and of what layers keep: `M[2]`."""
    for name in WORKSPACE:
        for l, matrix in enumerate(elements(workspace[name])):
            yield "%s[%d]" % (name, l), matrix
    for l, one_pass in enumerate(elements(workspace["pass"])):
        for name, matrix in kept(one_pass):
            yield "%s[%d]" % (name, l), matrix


def parameter_text(parameter):
    shape = [size.number() for size in elements(parameter["shape"])]
    return "Parameter %s %s" % (string(parameter["name"]), "x".join(map(str, shape)))


def parameter_tables(parameter):
    """Those of its value and its gradient; None for the gradient of one that is not trained."""
    shape = [size.number() for size in elements(parameter["shape"])]
    rows = shape[0] if len(shape) > 1 else 1
    trained = bounds(parameter["gradient"])[1] > 0
    return Table(parameter["value"], rows), Table(parameter["gradient"], rows) if trained else None


def pass_text(one_pass):
    penalty = one_pass["penalty"].number()
    return "Pass: " + one_pass["mode"].enumerator() + (", penalty %.4g" % penalty if penalty else "")


def training_text(training):
    return "Training in epoch %d, %s" % (training["epoch"].number(), network_text(training["model"]))


def tensor_text(value):
    """Matrix 5x35, in a line with its least, largest and mean."""
    table = table_for(value)
    name = "Matrix " + table.shape() if is_matrix(value) else "Vector %d" % table.cols
    return name + ("" if table.size() == 0 else "  " + table.summary())


def shape_or_question(value):
    """5x35, 35 for a vector, `-` for what is empty, `?` for what is no matrix."""
    try:
        table = table_for(value)
    except Unreadable:
        return "?"
    if table.size() == 0:
        return "-"
    return table.shape() if is_matrix(value) else str(table.cols)


def layer_shapes(layer):
    return "  ".join("%s %s" % (name, shape_or_question(value)) for name, value in tensors(layer))
