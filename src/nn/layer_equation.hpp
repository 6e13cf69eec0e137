#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hourglass/nn/central_differences.hpp"
#include "hourglass/nn/layer.hpp"
#include "hourglass/nn/loss.hpp"
#include "mistakes.hpp"

// What equation_check.cpp asks of a layer, and the mistakes that are tried there.

namespace hourglass {

/// A layer and its batch, copies of both, and phi = sum_ij dz_ij z_ij + the layer's penalty, whose derivatives
/// by X and by the parameters are what backward_input and backward have to leave.
struct LayerEquation {
    std::unique_ptr<Layer> layer;
    Pass pass;  // takes the draws of the batch again
    Matrix X, dZ, Z;

    LayerEquation(const Layer& its_layer, const Pass& its_pass, const Matrix& its_X, const Matrix& its_dZ);
    LayerEquation(const LayerEquation& other);

    enum class Parts { samples, units, places };

    /// The terms of phi, summed over each sample, over each unit, or over each place of each sample, and as the last
    /// the penalty.
    Derivatives by(std::span<Scalar> values, const std::vector<std::size_t>& positions, Parts parts, double h,
                   bool skip_kinks = false);

    /// The values of parameter p, as central_differences moves them.
    std::span<Scalar> parameter(std::size_t p) { return layer->parameters()[p].value; }
};

/// How many numbers of Z stand side by side at one place of a window; all of a row where a layer has none.
std::size_t numbers_of_place(const Layer& layer);

/// The gradient of V as it is with no contribution of one of the samples, for each of them.
void add_samples_left_out(std::vector<Guess>& guesses, const Derivatives& right, const Matrix& V);

/// What else someone may have computed for dX. @param right  its derivatives, by units
std::vector<Guess> guesses_of_input(const LayerEquation& equation, const Derivatives& right, const Matrix& dA,
                                    double h);

/// ... and for the gradient of parameter p. @param right  its derivatives, by samples
/// @param Z_before  of the layer before; empty if there is none
std::vector<Guess> guesses_of_parameter(const LayerEquation& equation, std::size_t p,
                                        const Derivatives& right, const Matrix& dA, const Matrix& Z_before,
                                        double h);

/// ... and for dZ = dA * f'(Z). @param next  the activation of the layer after; may be null
std::vector<Guess> guesses_of_activation(const Activation& f, const Activation* next, const Matrix& Z,
                                         const Matrix& A, const Matrix& dA, const Derivatives& right,
                                         double h);

/// ... and for what the loss leaves: dZ if it is fused with the activation f, else dY.
std::vector<Guess> guesses_of_loss(Loss loss, const Activation& f, const Matrix& Y, const Matrix& T,
                                   const Derivatives& right);

}  // namespace hourglass
