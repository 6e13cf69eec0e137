#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hourglass/nn/gradient_check.hpp"
#include "nn/testing.hpp"

namespace hourglass::testing {

/// One layer by itself, its batch, and the gradients of L = sum_p c_p z_p + z_p^2 / 2 with coefficients c of
/// no symmetry.
struct LayerCheck {
    Layer& layer;
    Matrix X, c, Z, dZ, dX;
    Pass pass;
    std::vector<Derivatives> derivatives;  // of X and of each parameter, X first

    /// @param its_layer  its parameters are drawn anew
    LayerCheck(Layer& its_layer, std::size_t n, Rng& rng)
        : layer(its_layer),
          X(random_matrix(n, layer.in(), rng)),
          c(random_matrix(n, layer.out(), rng)),
          pass(layer) {
        for (const Parameter& parameter : layer.parameters()) {
            std::ranges::generate(parameter.value, [&] { return static_cast<Scalar>(rng.normal()) / 2; });
        }
        loss();
        dZ = Z;
        for (std::size_t p = 0; p < Z.size(); ++p) {
            dZ.flat()[p] += c.flat()[p];
        }
        layer.backward(dZ, pass, X);
        layer.backward_input(dX, dZ, pass, X);
        derivatives = loss_derivatives(tensors(), [&] { return loss(); });
    }

    double loss() {
        layer.forward(Z, pass, X);
        double sum = 0;
        for (std::size_t p = 0; p < Z.size(); ++p) {
            const double z = static_cast<double>(Z.flat()[p]);
            sum += (static_cast<double>(c.flat()[p]) + z / 2) * z;
        }
        return sum;
    }

    /// X and the parameters.
    std::vector<Parameter> tensors() {
        std::vector<Parameter> result = {{"X", X.flat(), dX.flat(), {X.rows(), X.cols()}}};
        for (Parameter& parameter : layer.parameters()) {
            result.push_back(std::move(parameter));
        }
        return result;
    }

    /// What central differences say of them.
    GradientCheck check() { return check_gradients(tensors(), derivatives); }
};

}  // namespace hourglass::testing
