#!/usr/bin/python3
"""The benchmark's training step with PyTorch: nn.Module, autograd, and an Adam in place. With --plain
torch.optim.Adam instead, as in PyTorch's tutorials; with --manual the derivatives by hand, without autograd.

What was tried and measured on all five workloads (PyTorch 1.13, Zen 4):
- All parameters and all gradients in one tensor each, with an Adam of six operations on it: kept. Twice
  as fast as torch.optim.Adam on W1 and W2 (foreach or not), where calls cost more than numbers, and no
  slower on the others.
- One module whose forward calls functions, against nn.Sequential: 5 to 10 % faster on W1 and W2, kept.
  torch.jit.trace and torch.jit.script: no faster.
- Gradients set to None, and Adam tensor by tensor: no difference on W3 to W5, slower on W1 and W2.
- ATEN_CPU_CAPABILITY avx2 or avx512: no difference.
"""

from __future__ import annotations

import re
from typing import Callable

import numpy as np
import participant
import torch
from participant import Workload
from torch import Tensor, nn

CHUNK = 65536  # of Adam's numbers at once: what it reads again is still in a cache


class Autoencoder(nn.Module):
    """The network with its initial parameters."""

    functions = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}

    def __init__(self, workload: Workload) -> None:
        super().__init__()
        tensors = workload.layers(workload.parameters)
        self.weights = nn.ParameterList(torch.tensor(W) for W, _ in tensors)
        self.biases = nn.ParameterList(torch.tensor(b) for _, b in tensors)
        names = workload.activations()
        self.layers = list(zip(self.weights, self.biases, map(self.functions.get, names)))

    def forward(self, A: Tensor) -> Tensor:
        for W, b, function in self.layers:
            A = function(nn.functional.linear(A, W, b))
        return A


class Convolutional(nn.Module):
    """The same of convolutions: images are channel-last in the rows of X, and channels-first here."""

    pattern = re.compile(r"(conv|conv_transposed)\((\d+)x(\d+)x(\d+),(\d+),(\d+)x(\d+)(?:,s(\d+))?(,same)?\)")

    def __init__(self, workload: Workload) -> None:
        super().__init__()
        self.weights, self.biases, self.layers = nn.ParameterList(), nn.ParameterList(), []
        flat = workload.parameters
        names = workload.activations()
        for description, name in zip(workload.descriptions, names):
            kind, *numbers, same = self.pattern.fullmatch(description).groups()
            height, width, channels, out, rows, cols, stride = (int(number or 1) for number in numbers)
            self.image = self.image if self.layers else (channels, height, width)
            first, last = (out, channels) if kind == "conv" else (channels, out)
            W, b, flat = np.split(flat, [out * rows * cols * channels, out * rows * cols * channels + out])
            W = torch.tensor(W.reshape(first, rows, cols, last)).permute(0, 3, 1, 2).contiguous()
            self.weights.append(W)
            self.biases.append(torch.tensor(b))
            border = [self.border(*sides, stride, same) for sides in ((width, cols), (height, rows))]
            size = (height * stride, width * stride)
            run = self.convolve(stride, border) if kind == "conv" else self.transposed(stride, size, same)
            self.layers.append((run, self.weights[-1], self.biases[-1], Autoencoder.functions[name]))

    @staticmethod
    def border(size: int, window: int, stride: int, same: str | None) -> tuple[int, int]:
        """Before and after, as Keras has it."""
        total = max((-(-size // stride) - 1) * stride + window - size, 0) if same else 0
        return total // 2, total - total // 2

    @staticmethod
    def convolve(stride: int, border: list[tuple[int, int]]) -> Callable:
        (left, right), (top, bottom) = border
        if left == right and top == bottom:
            return lambda A, W, b: nn.functional.conv2d(A, W, b, stride, (top, left))
        pads = (left, right, top, bottom)
        return lambda A, W, b: nn.functional.conv2d(nn.functional.pad(A, pads), W, b, stride)

    @staticmethod
    def transposed(stride: int, size: tuple[int, int], same: str | None) -> Callable:
        def run(A: Tensor, W: Tensor, b: Tensor) -> Tensor:
            Z = nn.functional.conv_transpose2d(A, W, b, stride)
            top, left = ((Z.shape[2] - size[0]) // 2, (Z.shape[3] - size[1]) // 2) if same else (0, 0)
            return Z[:, :, top:top + size[0], left:left + size[1]] if same else Z
        return run

    def forward(self, A: Tensor) -> Tensor:
        A = A.view(-1, *self.image)
        for run, W, b, function in self.layers:
            A = function(run(A, W, b))
        return A.flatten(1)  # one channel comes out


def model_of(workload: Workload) -> nn.Module:
    return Convolutional(workload) if workload.convolutional else Autoencoder(workload)


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
        self.reset()

    def reset(self) -> None:
        self.model = model_of(self.workload)
        self.adam = Adam(list(self.model.parameters()), self.workload.learning_rate)
        self.steps = 0

    def gather(self) -> None:
        samples = self.order[self.steps % len(self.order)]
        torch.index_select(self.inputs, 0, samples, out=self.X)
        if self.targets is not None:
            torch.index_select(self.targets, 0, samples, out=self.T)
        self.steps += 1

    def step(self) -> float:
        """One training step; returns the loss before the update."""
        self.gather()
        self.adam.g.zero_()
        loss = nn.functional.mse_loss(self.model(self.X), self.T)
        loss.backward()
        self.adam.step()
        return loss.item()


class PlainTraining(Training):
    """As PyTorch's tutorials do it."""

    def reset(self) -> None:
        self.model = model_of(self.workload)
        self.steps = 0
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=self.workload.learning_rate)

    def step(self) -> float:
        self.gather()
        self.optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.mse_loss(self.model(self.X), self.T)
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
        layers = [(W.detach(), b.detach()) for W, b, _ in self.model.layers]
        gradients = [(W.grad, b.grad) for W, b, _ in self.model.layers]
        names = workload.activations()
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
