#!/usr/bin/env python3
"""layers.py FILE

Writes layers.txt: for layers of each kind but the convolutions, what comes in, what comes out and every gradient, as
PyTorch computes them (1.13, in double, by its own differentiation). A case begins with the layer's description and
its mode; each line after that has a name, how many numbers follow, and these. Images are channel-last in the file.
"""

import sys

import torch
import torch.nn.functional as F

torch.manual_seed(1)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
lines = []


def write(name, values):
    numbers = values.detach().reshape(-1).tolist()
    lines.append(" ".join([name, str(len(numbers))] + ["%.17g" % v for v in numbers]))


def rows(image):
    """(n, channels, height, width) as the project has it."""
    return image.permute(0, 2, 3, 1)


def case(description, mode, X, function, parameters=(), to_rows=rows, loss=None):
    """L = sum of dZ * Z, and what `loss` adds."""
    X.requires_grad_(True)
    Z = function(X)
    dZ = torch.randn_like(Z)
    total = (dZ * Z).sum() + (loss(X) if loss else 0)
    for _, value in parameters:
        value.grad = None
    total.backward()
    lines.append("layer %s %s %d" % (description, mode, X.shape[0]))
    for name, value in (("X", to_rows(X)), ("Z", to_rows(Z)), ("dZ", to_rows(dZ)), ("dX", to_rows(X.grad))):
        write(name, value)
    for name, value in parameters:
        write(name, value)
        write("d" + name, value.grad)


def image(n, height, width, channels):
    return torch.randn(n, channels, height, width)


def border(size, window, stride):
    """Keras' `same`: before and after."""
    places = -(-size // stride)
    total = max((places - 1) * stride + window - size, 0)
    return total // 2, total - total // 2


def padded(X, window, stride, value):
    top, bottom = border(X.shape[2], window[0], stride)
    left, right = border(X.shape[3], window[1], stride)
    return F.pad(X, (left, right, top, bottom), value=value)


def pools(n, height, width, channels, window, stride, same):
    size = "%dx%dx%d,%dx%d" % (height, width, channels, *window)
    size += (",s%d" % stride if stride > 1 else "") + (",same" if same else "")

    def largest(X):
        return F.max_pool2d(padded(X, window, stride, -float("inf")) if same else X, window, stride)

    def mean(X):
        if not same:
            return F.avg_pool2d(X, window, stride)
        inside = F.avg_pool2d(padded(torch.ones_like(X), window, stride, 0), window, stride)
        return F.avg_pool2d(padded(X, window, stride, 0), window, stride) / inside

    case("max_pool(%s)" % size, "train", image(n, height, width, channels), largest)
    case("average_pool(%s)" % size, "train", image(n, height, width, channels), mean)


def batch_norm(n, height, width, channels):
    shape = str(channels) if height * width == 1 else "%dx%dx%d" % (height, width, channels)
    layer = torch.nn.BatchNorm2d(channels)
    torch.nn.init.normal_(layer.weight)
    torch.nn.init.normal_(layer.bias)
    parameters = [("gamma", layer.weight), ("beta", layer.bias)]
    for mode in ("train", "evaluate"):  # the second with the statistics that the first has moved
        layer.train(mode == "train")
        case("batch_norm(%s)" % shape, mode, 2 + 3 * image(n, height, width, channels), layer, parameters)
        write("running_mean", layer.running_mean)
        write("running_variance", layer.running_var)


def sampling(n, latent, beta):
    X = torch.randn(n, 2 * latent)
    eps = torch.randn(n, latent)

    def code(X):
        mu, s = X[:, :latent], X[:, latent:]
        return mu + torch.exp(s / 2) * eps

    def kl(X):
        mu, s = X[:, :latent], X[:, latent:]
        posterior = torch.distributions.Normal(mu, torch.exp(s / 2))
        prior = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
        return beta * torch.distributions.kl_divergence(posterior, prior).sum() / n

    case("sampling(%d,%g)" % (latent, beta), "replay", X, code, to_rows=lambda V: V, loss=kl)
    write("kept", eps)
    write("penalty", kl(X))


def dropout(n, units, p):
    layer = torch.nn.Dropout(p)
    X = torch.randn(n, units)
    ones = layer(torch.ones_like(X))  # a mask that PyTorch has drawn
    case("dropout(%d,%g)" % (units, p), "replay", X, lambda V: V * ones, to_rows=lambda V: V)
    write("kept", ones)


def upsample(n, height, width, channels, factor):
    case("upsample(%dx%dx%d,%d)" % (height, width, channels, factor), "train", image(n, height, width, channels),
         lambda X: F.interpolate(X, scale_factor=factor, mode="nearest"))


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    pools(2, 4, 4, 1, (2, 2), 2, False)
    pools(1, 5, 4, 2, (2, 2), 2, False)
    pools(2, 5, 5, 2, (3, 3), 2, False)
    pools(1, 5, 7, 1, (2, 2), 3, False)
    pools(2, 5, 4, 2, (2, 2), 2, True)
    pools(1, 5, 5, 3, (3, 3), 2, True)
    pools(1, 4, 3, 2, (4, 2), 1, True)
    pools(2, 5, 5, 1, (1, 1), 3, True)
    upsample(2, 3, 2, 2, 2)
    upsample(1, 2, 3, 1, 3)
    batch_norm(5, 1, 1, 3)
    batch_norm(1, 3, 2, 2)
    batch_norm(3, 2, 2, 4)
    sampling(4, 2, 1)
    sampling(1, 3, 0.5)
    sampling(3, 1, 4)
    dropout(3, 5, 0.2)
    dropout(2, 4, 0.75)
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
