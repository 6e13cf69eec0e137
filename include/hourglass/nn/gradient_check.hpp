#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hourglass/nn/central_differences.hpp"
#include "hourglass/nn/network.hpp"

namespace hourglass {

/// How finely gradients are compared; the defaults suit the precision of this build.
struct GradientCheckOptions {
    double step = sizeof(Scalar) == 8 ? 1e-3 : 3e-2;       // h of the difference quotient
    double tolerance = sizeof(Scalar) == 8 ? 1e-6 : 3e-2;  // the largest relative error allowed
    /// Errors of elements smaller than this share of their tensor's largest gradient are taken
    /// relative to that share, for an element that is almost zero has no relative error to speak of.
    double floor = sizeof(Scalar) == 8 ? 1e-3 : 1e-1;
    std::size_t elements = 0;  // of a tensor that are compared, spread evenly; 0: all
};

/// One tensor's comparison, at its worst element.
struct TensorCheck {
    std::string tensor;        // "encoder.1.W"
    std::string worst;         // "encoder.1.W[3,7]"
    double analytic = 0;       // what backward wrote there
    double numeric = 0;        // what the difference quotient says
    double relative_error = 0; // |analytic - numeric| / max(|analytic|, |numeric|, floor)
    std::size_t compared = 0;  // elements
    std::size_t skipped = 0;   // elements within two steps, 2h, of a kink of ReLU or of the absolute error
    bool passed = false;
    std::string hint;          // which mistake fits, if one is known: encoder.1: dX fits "W not transposed"
};

struct GradientCheck {
    std::vector<TensorCheck> tensors;  // in the order of the parameters

    bool passed() const;
    double worst_relative_error() const;

    /// Empty if the check passed. Otherwise names the failing tensor nearest to the output, because a
    /// mistake spoils every gradient before it: its worst element, both values, and the hint.
    std::string message() const;
};

/// What the gradients should be: central differences of the loss by the values of each tensor; see
/// central_differences.hpp. Moves each value by up to 2h and puts it back.
/// @param loss   computes L from the values as they are at each call
/// @param kinks  an element is skipped if one of these sides changes within its steps
std::vector<Derivatives> loss_derivatives(const std::vector<Parameter>& parameters, const std::function<double()>& loss,
                                          const Sides& kinks = {}, const GradientCheckOptions& options = {});

/// Compares gradients with what they should be. A tensor fails if an element is off, if nothing of it could be
/// compared, or if all its gradients are zero, both ways: such a check has seen nothing.
/// @param parameters   values, and the gradients to be checked
/// @param derivatives  of the loss, by the values of each tensor
/// @throws ShapeError  if there are more or fewer tensors than derivatives, or gradients of a tensor than values
GradientCheck check_gradients(const std::vector<Parameter>& parameters, const std::vector<Derivatives>& derivatives,
                              const GradientCheckOptions& options = {});
GradientCheck check_gradients(const std::vector<Parameter>& parameters, const std::function<double()>& loss,
                              const Sides& kinks = {}, const GradientCheckOptions& options = {});

/// The same of the inputs X, which come first unless ws.dA[0] is empty, and of every parameter that has a gradient, for
/// the masks and draws of the last step in `ws`.
std::vector<Derivatives> loss_derivatives(Network& network, const Workspace& ws, const Matrix& X, const Matrix& T,
                                          Loss loss, const GradientCheckOptions& options = {});

/// Checks the gradient of every parameter as it stands in `network`, and dX as it stands in ws.dA[0] unless that
/// is empty: what forward, loss, backward and backward_input have left there for the inputs X and targets T. Where one
/// is off, the hint names the equation it comes from, and the mistake that fits; see equation_check.hpp.
GradientCheck check_gradients(Network& network, const Workspace& ws, const Matrix& X, const Matrix& T, Loss loss,
                              const std::vector<Derivatives>& derivatives, const GradientCheckOptions& options = {});
GradientCheck check_gradients(Network& network, const Workspace& ws, const Matrix& X, const Matrix& T, Loss loss,
                              const GradientCheckOptions& options = {});

}  // namespace hourglass
