"""The terms of the sums that make each number of a layer, by the equations of docs/notation.md."""

import math

from hourglass_debugger.tables import matrix_table, table_for
from hourglass_debugger.texts import activation_text
from hourglass_debugger.values import Complaint, Unreadable, class_name


class Layer:
    """The matrices that the sums of one layer are made of, each read once."""

    def __init__(self, place, l):
        self.place, self.l, self.layer = place, l, place.layers[l - 1]
        self.kind = class_name(self.layer)
        self.read = {}

    def rows(self, name):
        """All numbers of a tensor, row after row; one row for a vector."""
        if name not in self.read:
            value = self.place.tensor(name, self.l)
            if value is None:
                raise Complaint("%s has no %s" % (self.place.name_of(self.l), name))
            try:
                table = table_for(value)
            except Unreadable as error:
                raise Complaint("%s is uninitialized" % name) from error
            if table.size() == 0:
                raise Complaint("%s of %s is not computed yet" % (name, self.place.name_of(self.l)))
            self.read[name] = table.all_rows()
        return self.read[name]

    def factor(self, name, *index):
        """A factor of a term: its name with its place, and its value."""
        rows = self.rows(name)
        row = rows[index[0]] if len(index) == 2 else rows[0]
        return "%s[%s]" % (name, ",".join(map(str, index))), row[index[-1]]


class Window:
    """Which number of an image lies under number k of the window at place r, as Window::position says."""

    def __init__(self, window):
        def number(name):
            return window[name].number()
        self.rows, self.cols, self.stride = number("rows"), number("cols"), number("stride")
        self.top, self.left = number("top"), number("left")
        self.across = number("places_across")
        self.places = number("places_down") * self.across
        image = window["image"]
        self.height, self.width, self.channels = (image[side].number() for side in ("height", "width", "channels"))
        self.patch = self.rows * self.cols * self.channels

    def position(self, r, k):
        """None on the border."""
        pixel, channel = divmod(k, self.channels)
        y = r // self.across * self.stride + pixel // self.cols - self.top
        x = r % self.across * self.stride + pixel % self.cols - self.left
        inside = 0 <= y < self.height and 0 <= x < self.width
        return (y * self.width + x) * self.channels + channel if inside else None

    def over(self, pixel):
        """Pairs of a place and a number of its patch that lie over this number of the image."""
        return [(r, k) for r in range(self.places) for k in range(self.patch) if self.position(r, k) == pixel]

    def under(self, r, channel):
        """The numbers of one channel of the image that lie under the window at place r."""
        found = (self.position(r, k) for k in range(channel, self.patch, self.channels))
        return [pixel for pixel in found if pixel is not None]


# Each rule gives the terms of one number: lists of factors. A rule's equation is what `hg why` shows.


def dense(layer, name, index):
    f = layer.factor
    if name == "Z":
        i, j = index
        inputs = len(layer.rows("X")[0])
        return ("z_ij = sum_k x_ik w_jk + b_j",
                [[f("X", i, k), f("W", j, k)] for k in range(inputs)] + [[f("b", j)]])
    samples = range(len(layer.rows("dZ")))
    if name == "dW":
        j, k = index
        return "dw_jk = sum_i dz_ij x_ik", [[f("dZ", i, j), f("X", i, k)] for i in samples]
    if name == "db":
        return "db_j = sum_i dz_ij", [[f("dZ", i, index[0])] for i in samples]
    if name == "dX":
        i, k = index
        return "dx_ik = sum_j dz_ij w_jk", [[f("dZ", i, j), f("W", j, k)] for j in range(len(layer.rows("W")))]
    return None


def convolution(layer, name, index):
    f, window = layer.factor, Window(layer.layer["window"])
    channels = len(layer.rows("W"))
    if name == "Z":
        i, (r, c) = index[0], divmod(index[1], channels)
        terms = [[f("X", i, window.position(r, k)), f("W", c, k)] for k in range(window.patch)
                 if window.position(r, k) is not None]
        return "z_rj = sum_k p_rk w_jk + b_j", terms + [[f("b", c)]]
    samples = range(len(layer.rows("dZ")))
    if name == "dW":
        j, k = index
        return ("dw_jk = sum_r dz_rj p_rk",
                [[f("dZ", i, r * channels + j), f("X", i, window.position(r, k))] for i in samples
                 for r in range(window.places) if window.position(r, k) is not None])
    if name == "db":
        return "db_j = sum_r dz_rj", [[f("dZ", i, r * channels + index[0])] for i in samples
                                      for r in range(window.places)]
    if name == "dX":
        i, pixel = index
        return ("dx = sum over its patches of dz_rj w_jk",
                [[f("dZ", i, r * channels + j), f("W", j, k)] for r, k in window.over(pixel) for j in range(channels)])
    return None


def transposed_convolution(layer, name, index):
    f, window = layer.factor, Window(layer.layer["window"])
    channels = len(layer.rows("W"))  # of what comes in
    if name == "Z":
        i, pixel = index
        terms = [[f("X", i, r * channels + j), f("W", j, k)] for r, k in window.over(pixel) for j in range(channels)]
        return "z = sum over its patches of x_rj w_jk + b_c", terms + [[f("b", pixel % window.channels)]]
    samples = range(len(layer.rows("dZ")))
    if name == "dW":
        j, k = index
        return ("dw_jk = sum_r x_rj dp_rk",
                [[f("X", i, r * channels + j), f("dZ", i, window.position(r, k))] for i in samples
                 for r in range(window.places) if window.position(r, k) is not None])
    if name == "db":
        pixels = range(index[0], window.height * window.width * window.channels, window.channels)
        return "db_c = sum_q dz_qc", [[f("dZ", i, pixel)] for i in samples for pixel in pixels]
    if name == "dX":
        i, (r, j) = index[0], divmod(index[1], channels)
        return ("dx_rj = sum_k dp_rk w_jk",
                [[f("dZ", i, window.position(r, k)), f("W", j, k)] for k in range(window.patch)
                 if window.position(r, k) is not None])
    return None


def batch_norm(layer, name, index):
    f = layer.factor
    channels = len(layer.rows("gamma")[0])
    j = index[-1] % channels
    if name == "Z":
        return "z = gamma x_hat + beta", [[f("gamma", j), f("X_hat", *index)], [f("beta", j)]]
    places = [(i, k) for i, row in enumerate(layer.rows("dZ")) for k in range(j, len(row), channels)]
    if name == "X_hat":
        rstd = f("rstd", 0, j)
        return "x_hat = (x - mean) rstd", [[f("X", *index), rstd], [f("mean", 0, j), rstd, ("-1", -1)]]
    if name == "dgamma":
        return "dgamma_j = sum_i dz_ij x_hat_ij", [[f("dZ", *at), f("X_hat", *at)] for at in places]
    if name == "dbeta":
        return "dbeta_j = sum_i dz_ij", [[f("dZ", *at)] for at in places]
    if name == "dX":
        outer, m = [f("gamma", j), f("rstd", 0, j)], ("-1/m", -1 / len(places))
        return ("dx = gamma rstd (dz - dbeta / m - x_hat dgamma / m)",
                [outer + [f("dZ", *index)], outer + [f("dbeta", j), m],
                 outer + [f("X_hat", *index), f("dgamma", j), m]])
    return None


def dropout(layer, name, index):
    of = {"Z": ("z = m x", "X"), "dX": ("dx = m dz", "dZ")}.get(name)
    return of and (of[0], [[layer.factor("M", *index), layer.factor(of[1], *index)]])


def max_pool(layer, name, index):
    if name not in ("Z", "dX"):
        return None
    f, window, (i, at) = layer.factor, Window(layer.layer["window"]), index
    x = layer.rows("X")[i]

    def largest(r, c):
        return max(window.under(r, c), key=x.__getitem__)  # of several, the first
    if name == "Z":
        place = divmod(at, window.channels)
        return "z = the largest x under the window", [[f("X", i, largest(*place))]]
    c = at % window.channels
    return ("dx = sum of dz where x is the largest",
            [[f("dZ", i, r * window.channels + c)] for r, _ in window.over(at) if largest(r, c) == at])


def average_pool(layer, name, index):
    if name not in ("Z", "dX"):
        return None
    f, window, (i, at) = layer.factor, Window(layer.layer["window"]), index
    if name == "Z":
        pixels = window.under(*divmod(at, window.channels))
        return "z = sum of x under the window / count", [[f("X", i, pixel), share(pixels)] for pixel in pixels]
    c = at % window.channels
    return ("dx = sum of dz / count over the places that x is under",
            [[f("dZ", i, r * window.channels + c), share(window.under(r, c))] for r, _ in window.over(at)])


def share(pixels):
    return "1/%d" % len(pixels), 1 / len(pixels)


def upsample(layer, name, index):
    if name not in ("Z", "dX"):
        return None
    f, (i, at), factor = layer.factor, index, layer.layer["factor"].number()
    width, channels = (layer.layer["shape"][side].number() for side in ("width", "channels"))
    pixel, c = divmod(at, channels)
    if name == "Z":
        y, x = (side // factor for side in divmod(pixel, width * factor))
        return "z = x of the pixel whose square it is in", [[f("X", i, (y * width + x) * channels + c)]]
    y, x = (side * factor for side in divmod(pixel, width))
    return ("dx = sum of dz over its square",
            [[f("dZ", i, ((y + down) * width * factor + x + right) * channels + c)]
             for down in range(factor) for right in range(factor)])


def sampling(layer, name, index):
    f, (i, j) = layer.factor, index
    d = layer.layer["latent_size"].number()
    if name == "Z":
        return "z = mu + sigma eps", [[f("X", i, j)], [f("sigma", i, j), f("eps", i, j)]]
    if name == "sigma":
        shown, s = f("X", i, d + j)
        return "sigma = exp(s / 2)", [[("exp(%s / 2)" % shown, math.exp(s / 2))]]
    if name != "dX":
        return None
    beta_n = layer.layer["beta"].number() / len(layer.rows("X"))
    if j < d:
        return "dmu = dz + beta mu / n", [[f("dZ", i, j)], [f("X", i, j), ("beta/n", beta_n)]]
    sigma, half = f("sigma", i, j - d), ("beta/2n", beta_n / 2)
    return ("ds = dz eps sigma / 2 + beta (sigma^2 - 1) / 2n",
            [[f("dZ", i, j - d), f("eps", i, j - d), sigma, ("1/2", 0.5)], [sigma, sigma, half],
             [("-1", -1), half]])


RULES = {"Dense": dense, "Convolution": convolution, "TransposedConvolution": transposed_convolution,
         "BatchNorm": batch_norm, "Dropout": dropout, "MaxPool": max_pool, "AveragePool": average_pool,
         "Upsample": upsample, "Sampling": sampling}


def activated(layer, i, j):
    """f(z), computed anew: A may hold what a wrong f made of it."""
    kind = activation_text(layer.layer["activation"])
    shown, z = layer.factor("Z", i, j)
    if kind == "softmax":
        row = layer.rows("Z")[i]
        a = 1 / math.fsum(math.exp(min(other - z, 700)) for other in row)
    elif kind.endswith(")") or kind == "relu":
        a = z if z > 0 else z * (layer.layer["activation"]["alpha"].number() if kind != "relu" else 0)
    else:
        a = {"identity": z, "tanh": math.tanh(z), "sigmoid": 1 / (1 + math.exp(min(-z, 700)))}[kind]
    return "f(%s = %.6g)" % (shown, z), a


def slope(layer, index):
    """f'(z) by what the forward pass left in A, as docs/backprop.md has it."""
    kind = activation_text(layer.layer["activation"])
    a = layer.factor("A", *index)[1]
    slopes = {"identity": 1, "tanh": 1 - a * a, "sigmoid": a * (1 - a), "relu": float(a > 0)}
    if kind.startswith("leaky_relu"):
        return "f'", 1 if a > 0 else layer.layer["activation"]["alpha"].number()
    return "f' of " + kind, slopes[kind]


def softmax_backward(layer, i, j):
    """dz_j = sum_k da_k a_k ((k = j) - a_j): every output depends on z_j."""
    f = layer.factor
    shown, a = f("A", i, j)
    of_k = [("(1 - %s)" if k == j else "-%s") % shown for k in range(len(layer.rows("A")[i]))]
    return ("dz_j = sum_k da_k a_k ([k = j] - a_j)",
            [[f("dA", i, k), f("A", i, k), (text, (k == j) - a)] for k, text in enumerate(of_k)])


def terms_of(layer, name, index):
    """The equation of a number, and the terms of its sum: lists of factors."""
    if name == "A":
        return "a = f(z), f = " + activation_text(layer.layer["activation"]), [[activated(layer, *index)]]
    if name == "dA" and layer.l == len(layer.place.layers):
        raise Complaint("dA of the last layer is dY, which comes from the loss")
    if name == "dZ":
        if layer.l == len(layer.place.layers) and not has_dY(layer):
            raise Complaint("dZ of the last layer comes from the loss: (Y - T) / n for a cross-entropy")
        if activation_text(layer.layer["activation"]) == "softmax":
            return softmax_backward(layer, *index)
        return "dz_ij = da_ij f'(z_ij)", [[layer.factor("dA", *index), slope(layer, index)]]
    rule = RULES.get(layer.kind)
    found = rule and rule(layer, name, index)
    if not found:
        raise Complaint("hg why knows no sum for %s of %s" % (name, layer.kind))
    return found


def has_dY(layer):
    """Is the loss one that goes through dY, and not fused with the activation?"""
    return matrix_table(layer.place.matrix("dA", layer.l)).size() > 0
