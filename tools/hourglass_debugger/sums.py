"""`hg why`: what it prints of the sum that made one number."""

import math

from hourglass_debugger.tables import screen_width
from hourglass_debugger.terms import Layer, terms_of
from hourglass_debugger.values import Complaint, is_matrix


def origin(layer, name):
    """Where a factor comes from: `X is encoder.0.A`."""
    place, l = layer.place, layer.l
    if name == "X":
        return "X is " + ("the batch, ws.A[0]" if l == 1 else place.name_of(l - 1) + ".A")
    if name == "dZ":
        if l == len(place.layers):
            return "dZ is the loss's"
        return "dZ is dA * f'(Z), dA from " + place.name_of(l + 1)
    if name == "dA":
        return "dA is " + ("the loss's dY" if l == len(place.layers) else "dX of " + place.name_of(l + 1))
    return ""


def why_lines(place, l, name, index, most=12):
    """What `hg why` prints: the equation, the terms, the largest first, their sum, and where factors come from."""
    if name == "X" and l > 1:
        l, name = l - 1, "A"
    elif name == "X":
        raise Complaint("X of the first layer is the batch: no sum made it")
    elif name == "dA" and l < len(place.layers):
        l, name = l + 1, "dX"
    layer = Layer(place, l)
    value = place.tensor(name, l)
    rows = layer.rows(name)
    matrix = is_matrix(value)
    bounds = (len(rows), len(rows[0])) if matrix else (len(rows[0]),)
    if len(index) != len(bounds) or not all(0 <= i < bound for i, bound in zip(index, bounds)):
        raise Complaint("%s is %s: expected %s from 0 on" % (
            name, "x".join(map(str, bounds)), "a row and a column" if matrix else "one place"))
    held = rows[index[0]][index[1]] if matrix else rows[0][index[0]]
    equation, terms = terms_of(layer, name, index)
    products = sorted(((math.prod(value for _, value in term), term) for term in terms), key=lambda p: -abs(p[0]))
    element = "%s.%s[%s]" % (place.name_of(l), name, ",".join(map(str, index)))
    lines = ["%s: %s, %d %s" % (element, equation, len(terms), "term" if len(terms) == 1 else "terms")]
    for product, term in products[:most]:
        numbers = "%12.5g = %s" % (product, " * ".join("%10.5g" % value for _, value in term))
        factors = "    " + " * ".join(shown for shown, _ in term)
        fits = len(numbers + factors) <= screen_width()
        lines += [numbers + factors] if fits else [numbers, " " * 11 + factors]
    if len(products) > most:
        lines.append("%12.5g = the other %d" % (math.fsum(p for p, _ in products[most:]), len(products) - most))
    total = math.fsum(product for product, _ in products)
    precision = 1e-12 if rows[0].itemsize == 8 else 1e-5
    same = abs(total - held) <= precision * math.fsum(abs(product) for product, _ in products)
    lines.append("%12.8g   their sum; %s holds %s" % (
        total, name, "it" if same else "%.8g: not computed yet, or wrong" % held))
    names = dict.fromkeys(shown.partition("[")[0] for term in terms for shown, _ in term)
    return lines + ["             " + text for text in (origin(layer, name) for name in names) if text]
