#!/usr/bin/python3
"""The benchmark's training step with scikit-learn's MLPRegressor, through the steps of its own
_fit_stochastic: _safe_indexing, _backprop, its AdamOptimizer.

Adapted, because MLPRegressor has no other output than the identity:
- out_activation_ names the output's activation, which _forward_pass then applies;
- _backprop is its own with two lines changed: the loss is the mean squared error, not half of it, and
  the output's delta has that activation's derivative. scikit-learn adds squared errors over outputs in
  its gradient, so the delta is scaled by 2 / outputs;
- the sum of squared weights is left out, for alpha is 0: work that the other programs do not do;
- epsilon is set before each update: AdamOptimizer adds it after the correction of v, where Algorithm 1
  of Kingma & Ba adds it before;
- coefs_ is (in, out), the transpose of our W, in the layout that scikit-learn itself chooses.
"""

from __future__ import annotations

import numpy as np
import participant
from participant import Workload
from sklearn.neural_network import MLPRegressor
from sklearn.neural_network._base import DERIVATIVES, LOSS_FUNCTIONS
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer
from sklearn.utils import _safe_indexing
from sklearn.utils.extmath import safe_sparse_dot

NAMES = {"tanh": "tanh", "relu": "relu", "sigmoid": "logistic"}


class Regressor(MLPRegressor):
    """With an activation of the output."""

    def _backprop(self, X, y, activations, deltas, coef_grads, intercept_grads):
        n_samples = X.shape[0]
        activations = self._forward_pass(activations)
        loss = 2 * LOSS_FUNCTIONS[self.loss](y, activations[-1])
        last = self.n_layers_ - 2
        deltas[last] = activations[-1] - y
        deltas[last] *= 2 / self.n_outputs_
        DERIVATIVES[self.out_activation_](activations[-1], deltas[last])
        self._compute_loss_grad(
            last, n_samples, activations, deltas, coef_grads, intercept_grads
        )
        inplace_derivative = DERIVATIVES[self.activation]
        for i in range(last, 0, -1):
            deltas[i - 1] = safe_sparse_dot(deltas[i], self.coefs_[i].T)
            inplace_derivative(activations[i], deltas[i - 1])
            self._compute_loss_grad(
                i - 1, n_samples, activations, deltas, coef_grads, intercept_grads
            )
        return loss, coef_grads, intercept_grads


class Training:
    """A training as in MLPRegressor._fit_stochastic."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        self.X = workload.X
        self.T = workload.X if workload.T is None else workload.T
        self.reset()

    def reset(self) -> None:
        workload = self.workload
        model = Regressor(
            hidden_layer_sizes=workload.widths[1:-1],
            activation=NAMES[workload.activations[0]],
            alpha=0,
            learning_rate_init=workload.learning_rate,
            random_state=0,
        )
        model._random_state = np.random.RandomState(0)
        model._initialize(self.T[:1], workload.widths, np.float32)
        model.out_activation_ = NAMES[workload.activations[-1]]
        for l, (W, b) in enumerate(workload.layers(workload.parameters)):
            model.coefs_[l][...] = W.T
            model.intercepts_[l][...] = b
        # A list to fill, as in MLPRegressor._fit.
        n_layers = len(model.coefs_)
        self.activations = [None] * (n_layers + 1)
        self.deltas = [None] * n_layers
        self.coef_grads = [None] * n_layers
        self.intercept_grads = [None] * n_layers
        self.model = model
        self.parameters = model.coefs_ + model.intercepts_
        self.optimizer = AdamOptimizer(self.parameters, workload.learning_rate)
        self.steps = 0

    def step(self) -> float:
        """One training step; returns the loss before the update."""
        samples = self.workload.order[self.steps % len(self.workload.order)]
        self.steps += 1
        X = _safe_indexing(self.X, samples)
        T = X if self.T is self.X else self.T[samples]
        self.activations[0] = X
        loss, coef_grads, intercept_grads = self.model._backprop(
            X, T, self.activations, self.deltas, self.coef_grads, self.intercept_grads
        )
        self.optimizer.epsilon = 1e-8 * (1 - 0.999**self.steps) ** 0.5
        self.optimizer.update_params(self.parameters, coef_grads + intercept_grads)
        return float(loss)


if __name__ == "__main__":
    participant.take_part(participant.parser(__doc__).parse_args(), Training)
