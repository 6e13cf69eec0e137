#!/usr/bin/python3
"""Writes convolutions.csv: a convolution and a transposed one over awkward windows by PyTorch 1.13, forward
and every gradient by its autograd.

The inputs are halves of small whole numbers, and so every value is exact, in float too. A line is

    description;tensor;values row after row

of X, W, b and dZ, which are drawn, and of Z, dW, db and dX, which PyTorch computes. Images are channel-last
here and channels-first there; padding `same` is what Keras says it is, with one more below and on the right.

    ./convolutions.py          writes convolutions.csv beside this file
"""

import pathlib

import torch
import torch.nn.functional as F

# height, width, channels in, rows and columns of the window, stride, padding, channels out
CASES = [
    (4, 4, 1, 3, 3, 1, "valid", 1),
    (5, 4, 2, 3, 3, 1, "same", 3),
    (4, 6, 1, 3, 3, 2, "same", 2),
    (5, 5, 2, 3, 3, 2, "same", 1),
    (3, 4, 3, 1, 1, 1, "valid", 2),
    (5, 5, 1, 1, 1, 3, "same", 2),
    (5, 6, 2, 2, 2, 1, "same", 2),
    (7, 6, 1, 2, 2, 3, "valid", 2),
    (6, 7, 1, 4, 2, 1, "same", 1),
    (3, 5, 2, 1, 3, 2, "valid", 3),
    (3, 3, 2, 3, 3, 1, "same", 2),
    (4, 3, 1, 4, 3, 1, "valid", 5),
    (1, 1, 6, 1, 1, 1, "valid", 4),
    (2, 2, 17, 2, 1, 1, "same", 2),
    (2, 2, 2, 2, 2, 1, "valid", 18),
]
N = 2


def draw(*shape: int) -> torch.Tensor:
    return (torch.randint(-4, 5, shape, dtype=torch.float64) / 2).requires_grad_()


def channels_first(x: torch.Tensor) -> torch.Tensor:
    return x.permute(0, 3, 1, 2)


def border(size: int, window: int, stride: int, padding: str) -> "tuple[int, int]":
    """Before and after, as Keras has it."""
    if padding == "valid":
        return 0, 0
    total = max((-(-size // stride) - 1) * stride + window - size, 0)
    return total // 2, total - total // 2


def convolution(X, W, b, stride, padding):
    rows, cols = W.shape[1:3]
    top, bottom = border(X.shape[1], rows, stride, padding)
    left, right = border(X.shape[2], cols, stride, padding)
    x = F.pad(channels_first(X), (left, right, top, bottom))
    return F.conv2d(x, channels_first(W), b, stride).permute(0, 2, 3, 1)


def transposed_convolution(X, W, b, stride, padding):
    height, width = X.shape[1:3]
    rows, cols = W.shape[1:3]
    missing = (max(stride - rows, 0), max(stride - cols, 0))
    z = F.conv_transpose2d(channels_first(X), channels_first(W), b, stride, output_padding=missing)
    if padding == "same":
        top, left = max(rows - stride, 0) // 2, max(cols - stride, 0) // 2
        z = z[:, :, top:top + height * stride, left:left + width * stride]
    return z.permute(0, 2, 3, 1)


def description(kind, shape, channels, rows, cols, stride, padding) -> str:
    return (f"{kind}({shape[0]}x{shape[1]}x{shape[2]},{channels},{rows}x{cols}"
            + (f",s{stride}" if stride > 1 else "") + (",same" if padding == "same" else "") + ")")


def lines(name, layer, X, W, b, stride, padding):
    Z = layer(X, W, b, stride, padding)
    dZ = draw(*Z.shape).detach()
    Z.backward(dZ)
    tensors = {"X": X, "W": W, "b": b, "dZ": dZ, "Z": Z, "dW": W.grad, "db": b.grad, "dX": X.grad}
    for tensor, values in tensors.items():
        yield f"{name};{tensor};" + " ".join(f"{v:g}" for v in values.detach().flatten().tolist())


def main() -> None:
    torch.manual_seed(1)
    result = []
    for height, width, channels_in, rows, cols, stride, padding, channels_out in CASES:
        shape = (height, width, channels_in)
        for kind, layer in (("conv", convolution), ("conv_transposed", transposed_convolution)):
            # The filters of a convolution look at the channels that come in; those of a transposed one paint
            # the channels that go out.
            W_shape = (channels_out, rows, cols, channels_in)
            if kind == "conv_transposed":
                W_shape = (channels_in, rows, cols, channels_out)
            name = description(kind, shape, channels_out, rows, cols, stride, padding)
            result += lines(name, layer, draw(N, *shape), draw(*W_shape), draw(channels_out), stride, padding)
    pathlib.Path(__file__).with_name("convolutions.csv").write_text("\n".join(result) + "\n")


if __name__ == "__main__":
    main()
