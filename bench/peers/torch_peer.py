#!/usr/bin/python3
"""The benchmark's training step with PyTorch: nn.Module, autograd, and an Adam in place. With --plain
torch.optim.Adam instead, as in PyTorch's tutorials; with --manual the derivatives by hand, without autograd.

What was tried and measured, on W1 to W5 unless it says otherwise (PyTorch 1.13, Zen 4):
- All parameters and all gradients in one tensor each, with an Adam of six operations on it: kept. Twice
  as fast as torch.optim.Adam on W1 and W2 (foreach or not), where calls cost more than numbers, and no
  slower on the others.
- One module whose forward calls functions, against nn.Sequential: 5 to 10 % faster on W1 and W2, kept.
  torch.jit.trace and torch.jit.script: no faster.
- Gradients set to None, and Adam tensor by tensor: no difference on W3 to W5, slower on W1 and W2.
- ATEN_CPU_CAPABILITY avx2 or avx512: no difference.
- Images in torch.channels_last, on W6 and W8: no difference. A sigmoid and binary_cross_entropy instead of
  binary_cross_entropy_with_logits, on W7: no difference.
"""

from __future__ import annotations

import re
from typing import Callable, Iterator

import numpy as np
import participant
import torch
from participant import Workload
from torch import Tensor, nn

CHUNK = 65536  # of Adam's numbers at once: what it reads again is still in a cache
Run = Callable[[Tensor, "nn.Parameter | None", "nn.Parameter | None"], Tensor]  # A, W, b


class Autoencoder(nn.Module):
    """The network with its initial parameters. Images are channel-last in the rows of X, and channels-first in
    what a convolution gives."""

    functions = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "identity": lambda A: A}

    def __init__(self, workload: Workload, draws: Iterator[Tensor]) -> None:
        super().__init__()
        self.parameters_of_layers, self.layers = nn.ParameterList(), []
        self.draws, self.penalty = draws, 0.0
        flat, images = workload.parameters, False
        for description, name in zip(workload.descriptions, workload.activations):
            kind, *words = re.split(r"[(,)]", description)[:-1]
            if kind == "sampling":
                self.layers.append((self.sample, None, None, self.functions[name]))
                continue
            run, shape = dense(words, images) if kind == "dense" else convolution(kind, words, images)
            W, b, flat = np.split(flat, np.cumsum([np.prod(shape), int(words[1])]))
            W = torch.tensor(W.reshape(shape))
            images = kind != "dense"
            self.parameters_of_layers.append(W.permute(0, 3, 1, 2).contiguous() if images else W)
            self.parameters_of_layers.append(torch.tensor(b))
            self.layers.append((run, *self.parameters_of_layers[-2:], self.functions[name]))
        self.images = images
        if workload.loss == "cross_entropy":  # binary_cross_entropy_with_logits has the sigmoid in it
            self.layers[-1] = (*self.layers[-1][:3], self.functions["identity"])

    def forward(self, A: Tensor) -> Tensor:
        for run, W, b, function in self.layers:
            A = function(run(A, W, b))
        return A.flatten(1) if self.images else A  # one channel comes out

    def sample(self, A: Tensor, *_: None) -> Tensor:
        """z = mu + sigma eps, and beta KL, where beta is 1."""
        mu, s = A.chunk(2, 1)
        sigma = torch.exp(0.5 * s)
        eps = next(self.draws, None)
        self.penalty = 0.5 * (mu.square() + sigma.square() - s - 1).sum() / len(A)
        return torch.addcmul(mu, sigma, torch.randn_like(sigma) if eps is None else eps)


def rows_of(A: Tensor) -> Tensor:
    """Images as rows, channel-last."""
    return A.permute(0, 2, 3, 1).flatten(1)


def dense(words: list[str], after_images: bool) -> tuple[Run, tuple[int, int]]:
    """What runs dense(in,out), and the shape of its W."""
    linear = nn.functional.linear
    return (lambda A, W, b: linear(rows_of(A), W, b)) if after_images else linear, (int(words[1]), int(words[0]))


def convolution(kind: str, words: list[str], after_images: bool) -> tuple[Run, tuple[int, int, int, int]]:
    """What runs conv(HxWxC,out,RxC,sS,same) or conv_transposed(...), and the shape of its W."""
    (height, width, channels), (rows, cols) = ([int(n) for n in words[i].split("x")] for i in (0, 2))
    out, same = int(words[1]), "same" in words
    stride = next((int(word[1:]) for word in words[3:] if word != "same"), 1)
    if kind == "conv":
        border = [border_of(*sides, stride, same) for sides in ((width, cols), (height, rows))]
        run, shape = convolve(stride, border), (out, rows, cols, channels)
    else:
        size = (height * stride, width * stride) if same else None
        crop = (max(rows - stride, 0) // 2, max(cols - stride, 0) // 2) if same else (0, 0)
        run, shape = transposed(stride, size, crop), (channels, rows, cols, out)
    if after_images:
        return run, shape
    image = (height, width, channels)
    return lambda A, W, b: run(A.view(-1, *image).permute(0, 3, 1, 2).contiguous(), W, b), shape


def border_of(size: int, window: int, stride: int, same: bool) -> tuple[int, int]:
    """Before and after, as Keras has it."""
    total = max((-(-size // stride) - 1) * stride + window - size, 0) if same else 0
    return total // 2, total - total // 2


def convolve(stride: int, border: list[tuple[int, int]]) -> Run:
    (left, right), (top, bottom) = border
    if left == right and top == bottom:
        return lambda A, W, b: nn.functional.conv2d(A, W, b, stride, (top, left))
    pads = (left, right, top, bottom)
    return lambda A, W, b: nn.functional.conv2d(nn.functional.pad(A, pads), W, b, stride)


def transposed(stride: int, size: tuple[int, int] | None, crop: tuple[int, int]) -> Run:
    """Keras crops less above and on the left; PyTorch as much on both sides, or more there."""
    def run(A: Tensor, W: Tensor, b: Tensor) -> Tensor:
        Z = nn.functional.conv_transpose2d(A, W, b, stride, crop)
        return Z[:, :, :size[0], :size[1]] if size else Z
    return run


class Adam:
    """Kingma & Ba 2015, Algorithm 1, on all parameters as one tensor, of which they become views."""

    def __init__(self, parameters: list[nn.Parameter], learning_rate: float) -> None:
        self.learning_rate = learning_rate
        self.w = torch.cat([p.detach().flatten() for p in parameters])
        self.g, self.m, self.v = (torch.zeros_like(self.w) for _ in range(3))
        self.t = 0
        sizes = [p.numel() for p in parameters]
        for p, w, g in zip(parameters, self.w.split(sizes), self.g.split(sizes)):
            p.data = w.view_as(p)
            p.grad = g.view_as(p)
        scratch = torch.empty(min(CHUNK, self.w.numel()))
        self.chunks = [
            (*views, scratch[:views[0].numel()])
            for views in zip(*(a.split(CHUNK) for a in (self.w, self.g, self.m, self.v)))
        ]

    @torch.no_grad()
    def step(self) -> None:
        """m += (1 - beta1) (g - m)     v = beta2 v + (1 - beta2) g^2     w -= rate m / (sqrt(v) + eps)"""
        self.t += 1
        root = (1 - 0.999**self.t) ** 0.5
        rate = self.learning_rate * root / (1 - 0.9**self.t)
        for w, g, m, v, scratch in self.chunks:
            m.lerp_(g, 0.1)
            v.mul_(0.999).addcmul_(g, g, value=0.001)
            torch.sqrt(v, out=scratch).add_(1e-8 * root)
            w.addcdiv_(m, scratch, value=-rate)


class Training:
    """With autograd; and what all ways of training have in common."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        self.order = list(torch.from_numpy(workload.order))
        self.inputs = torch.from_numpy(workload.X)
        self.X = torch.empty(workload.batch, workload.widths[0])
        self.targets, self.T = None, self.X
        if workload.T is not None:
            self.targets = torch.from_numpy(workload.T)
            self.T = torch.empty(workload.batch, workload.widths[-1])
        self.draws = iter(torch.from_numpy(workload.eps))  # of the first steps; then it draws itself
        self.reset()

    def reset(self) -> None:
        self.model = Autoencoder(self.workload, self.draws)
        self.adam = Adam(list(self.model.parameters()), self.workload.learning_rate)
        self.steps = 0

    def gather(self) -> None:
        samples = self.order[self.steps % len(self.order)]
        torch.index_select(self.inputs, 0, samples, out=self.X)
        if self.targets is not None:
            torch.index_select(self.targets, 0, samples, out=self.T)
        self.steps += 1

    def loss(self) -> Tensor:
        Y = self.model(self.X)
        if self.workload.loss == "mse":
            return nn.functional.mse_loss(Y, self.T)
        total = nn.functional.binary_cross_entropy_with_logits(Y, self.T, reduction="sum")
        return total / len(Y) + self.model.penalty

    def step(self) -> float:
        """One training step; returns the loss before the update."""
        self.gather()
        self.adam.g.zero_()
        loss = self.loss()
        loss.backward()
        self.adam.step()
        return loss.item()


class PlainTraining(Training):
    """As PyTorch's tutorials do it."""

    def reset(self) -> None:
        self.model = Autoencoder(self.workload, self.draws)
        self.steps = 0
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=self.workload.learning_rate)

    def step(self) -> float:
        self.gather()
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss()
        loss.backward()
        self.optimizer.step()
        return loss.item()


Backward = Callable[[Tensor, Tensor], Tensor]


def backward_of(name: str) -> Backward:
    """dZ = dA f'(Z), in place, with f' from A = f(Z): the kernels that autograd uses."""
    aten = torch.ops.aten
    if name == "relu":
        relu = aten.threshold_backward.grad_input
        return lambda dZ, A: relu(dZ, A, 0, grad_input=dZ)
    function = {"tanh": aten.tanh_backward, "sigmoid": aten.sigmoid_backward}[name].grad_input
    return lambda dZ, A: function(dZ, A, grad_input=dZ)


class ManualTraining(Training):
    """Derivatives by hand: products into tensors allocated once, no graph."""

    def reset(self) -> None:
        super().reset()
        workload = self.workload

        def matrices() -> list[Tensor]:
            return [torch.empty(workload.batch, width) for width in workload.widths[1:]]

        A, self.dZ = [self.X, *matrices()], matrices()
        layers = [(W.detach(), b.detach()) for _, W, b, _ in self.model.layers]
        gradients = [(W.grad, b.grad) for _, W, b, _ in self.model.layers]
        names = workload.activations
        in_place = {"tanh": torch.tanh_, "relu": torch.relu_, "sigmoid": torch.sigmoid_}
        self.Y = A[-1]
        self.ones = torch.ones(workload.batch)
        self.forward_layers = [
            (A[l], W.t(), b, A[l + 1], in_place[names[l]]) for l, (W, b) in enumerate(layers)
        ]
        self.backward_layers = [
            (self.dZ[l], self.dZ[l].t(), A[l + 1], backward_of(names[l]), *gradients[l], A[l],
             layers[l][0], self.dZ[l - 1] if l else None)
            for l in reversed(range(len(layers)))
        ]

    @torch.no_grad()
    def step(self) -> float:
        self.gather()
        for A_in, W_transposed, b, A, function in self.forward_layers:
            torch.addmm(b, A_in, W_transposed, out=A)
            function(A)
        loss = self.mean_squared_error()
        for dZ, dZ_transposed, A, function, dW, db, A_in, W, dA_in in self.backward_layers:
            function(dZ, A)
            torch.mm(dZ_transposed, A_in, out=dW)
            torch.mv(dZ_transposed, self.ones, out=db)
            if dA_in is not None:
                torch.mm(dZ, W, out=dA_in)
        self.adam.step()
        return loss

    def mean_squared_error(self) -> float:
        """L = mean (Y - T)^2     dY = 2 (Y - T) / n"""
        dY = self.dZ[-1]
        n = dY.numel()
        flat = torch.sub(self.Y, self.T, out=dY).view(-1)
        loss = torch.dot(flat, flat).item() / n
        dY.mul_(2 / n)
        return loss


def main() -> None:
    parser = participant.parser(__doc__)
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--plain", action="store_true", help="torch.optim.Adam")
    ways.add_argument("--manual", action="store_true", help="derivatives by hand")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    way = PlainTraining if arguments.plain else ManualTraining if arguments.manual else Training
    participant.take_part(arguments, way)


if __name__ == "__main__":
    main()
