#include "hourglass/nn/gradient_check.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "comparison.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/nn/equation_check.hpp"
#include "mistakes.hpp"

namespace hourglass {
namespace {

/// Does the gradient hold, row after row, what belongs there column after column?
Guess transposed(const Comparison& c, const std::vector<std::size_t>& shape) {
    Guess guess{"transposed", {}};
    const bool whole = shape.size() == 2 && c.positions.size() == shape[0] * shape[1];
    for (const std::size_t p : whole ? c.positions : std::vector<std::size_t>()) {
        guess.value.push_back(c.right[p % shape[0] * shape[1] + p / shape[0]]);
    }
    return guess;
}

}  // namespace

double largest_magnitude(std::span<const double> values) {
    double result = 0;
    for (const double value : values) {
        if (std::isnan(value)) {
            return value;
        }
        result = std::max(result, std::abs(value));
    }
    return result;
}

std::string gradient_name(const std::string& tensor) {
    const std::size_t dot = tensor.rfind('.');
    const bool alone = dot == std::string::npos || dot == 0;  // a layer of a test may have no name
    return (alone ? "d" : tensor.substr(0, dot) + ": d") + tensor.substr(dot + 1);
}

Comparison compare(std::span<const Scalar> found, const Derivatives& derivatives) {
    Comparison result{derivatives.positions, {}, derivatives.sum(), derivatives.skipped};
    for (const std::size_t position : result.positions) {
        result.found.push_back(static_cast<double>(found[position]));
    }
    return result;
}

TensorCheck judge(const Comparison& c, const Parameter& tensor, const GradientCheckOptions& options) {
    TensorCheck check;
    check.tensor = tensor.name;
    check.compared = c.positions.size();
    check.skipped = c.skipped;
    const double scale = std::max(largest_magnitude(c.found), largest_magnitude(c.right));
    if (c.positions.empty() || scale == 0) {
        check.worst = tensor.name;
        check.hint = c.positions.empty() ? "nothing of it could be compared"
                                         : "all its gradients are zero: the check has seen nothing";
        return check;
    }
    check.relative_error = -1;
    for (std::size_t i = 0; i < c.positions.size(); ++i) {
        const double size = std::max({std::abs(c.found[i]), std::abs(c.right[i]), options.floor * scale});
        const double error = std::abs(c.found[i] - c.right[i]) / size;
        if (error > check.relative_error || std::isnan(error)) {
            check.relative_error = error;
            check.worst = tensor.element_name(c.positions[i]);
            check.analytic = c.found[i];
            check.numeric = c.right[i];
        }
        if (std::isnan(error)) {
            break;
        }
    }
    check.passed = check.relative_error <= options.tolerance;
    return check;
}

bool GradientCheck::passed() const {
    return !tensors.empty() && std::ranges::all_of(tensors, &TensorCheck::passed);
}

double GradientCheck::worst_relative_error() const {
    double worst = 0;
    for (const TensorCheck& tensor : tensors) {
        if (std::isnan(tensor.relative_error)) {
            return tensor.relative_error;
        }
        worst = std::max(worst, tensor.relative_error);
    }
    return worst;
}

std::string GradientCheck::message() const {
    if (passed()) {
        return "";
    }
    if (tensors.empty()) {
        return "there is nothing to check";
    }
    // Backward goes from the last tensor to the first, so the last that fails is where it went wrong.
    std::size_t last = tensors.size() - 1;
    while (tensors[last].passed) {
        --last;
    }
    const TensorCheck& t = tensors[last];
    std::string message = t.worst + ": backward says " + to_text(t.analytic) +
                          ", central differences say " + to_text(t.numeric) +
                          " (relative error " + to_text(t.relative_error) + ")";
    if (!t.hint.empty()) {
        message += "; " + t.hint;
    }
    if (last + 1 < tensors.size()) {
        message += "; the gradients from " + tensors[last + 1].tensor + " on are right";
    }
    return message;
}

std::vector<Derivatives> loss_derivatives(const std::vector<Parameter>& parameters, const std::function<double()>& loss,
                                          const Sides& kinks, const GradientCheckOptions& options) {
    std::vector<Derivatives> result;
    const Numbers numbers = [&](std::vector<double>& L) { L.assign(1, loss()); };
    for (const Parameter& parameter : parameters) {
        const auto positions = spread_positions(parameter.value.size(), options.elements);
        result.push_back(central_differences(parameter.value, positions, numbers, kinks, options.step));
    }
    return result;
}

GradientCheck check_gradients(const std::vector<Parameter>& parameters, const std::vector<Derivatives>& derivatives,
                              const GradientCheckOptions& options) {
    if (derivatives.size() != parameters.size()) {
        throw ShapeError("check_gradients: derivatives of " + std::to_string(derivatives.size()) +
                         " tensors, and gradients of " + std::to_string(parameters.size()));
    }
    GradientCheck result;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        const Parameter& parameter = parameters[p];
        if (parameter.gradient.size() != parameter.value.size()) {
            throw ShapeError(parameter.name + ": a gradient of " +
                             std::to_string(parameter.gradient.size()) + " numbers for " +
                             std::to_string(parameter.value.size()) + " values");
        }
        const Comparison c = compare(parameter.gradient, derivatives[p]);
        result.tensors.push_back(judge(c, parameter, options));
        TensorCheck& check = result.tensors.back();
        if (!check.passed && check.hint.empty()) {
            const std::string name = name_mistake(c.found, c.right, {transposed(c, parameter.shape)});
            check.hint = name.empty() ? "" : gradient_name(check.tensor) + " fits \"" + name + "\"";
        }
    }
    return result;
}

GradientCheck check_gradients(const std::vector<Parameter>& parameters, const std::function<double()>& loss,
                              const Sides& kinks, const GradientCheckOptions& options) {
    return check_gradients(parameters, loss_derivatives(parameters, loss, kinks, options), options);
}

namespace {

/// On which side of each kink the last forward pass in `ws` was, and of the loss's own.
void append_sides(std::vector<int>& sides, const Network& network, const Workspace& ws, const Matrix& T,
                  Loss loss) {
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        network.layer(l).append_sides(sides, ws.A[l - 1]);
        if (has_kink(network.layer(l).activation)) {
            for (const Scalar z : ws.Z[l].flat()) {
                sides.push_back(z > 0);
            }
        }
    }
    if (loss == Loss::mean_absolute_error) {
        for (std::size_t i = 0; i < T.size(); ++i) {
            sides.push_back(ws.Y().flat()[i] > T.flat()[i]);
        }
    }
}

/// Gives each tensor that is off the hint of its own equation; where that is right, that of the first which a backward
/// pass got wrong on the way to it.
void blame_equations(GradientCheck& check, const GradientCheck& equations) {
    for (TensorCheck& t : check.tensors) {
        const TensorCheck* blamed = nullptr;
        bool reached = false;
        for (const TensorCheck& equation : equations.tensors) {  // from the input to the output
            const bool own = t.tensor == "X" ? !reached : equation.tensor == t.tensor;
            reached = reached || own;
            const bool spreads = std::string("XYZ").find(equation.tensor.back()) != std::string::npos;
            const bool named = !equation.passed && equation.hint.starts_with(gradient_name(equation.tensor));
            if (reached && named && (own || spreads)) {
                blamed = &equation;
            }
            if (own && blamed) {
                break;
            }
        }
        if (!t.passed && blamed) {
            t.hint = blamed->hint;
        }
    }
}

/// What of a step has a gradient: X, unless that of it was not asked for, and after it the parameters of each layer.
std::vector<std::vector<Parameter>> tensors_by_layer(Network& network, const Workspace& ws, Matrix& X) {
    std::vector<std::vector<Parameter>> result(1);
    if (!ws.dA[0].empty()) {
        require_same_shape("gradient check, dX and X", ws.dA[0], X);
        result[0].push_back({"X", X.flat(), ws.dA[0].flat(), {X.rows(), X.cols()}});
    }
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        result.push_back(network.layer(l).parameters());
        std::erase_if(result.back(), [](const Parameter& parameter) { return parameter.gradient.empty(); });
    }
    return result;
}

}  // namespace

std::vector<Derivatives> loss_derivatives(Network& network, const Workspace& ws, const Matrix& X, const Matrix& T,
                                          Loss loss, const GradientCheckOptions& options) {
    Workspace trial = ws;
    for (Pass& pass : trial.pass) {
        if (pass.mode == Pass::Mode::train) {
            pass.mode = Pass::Mode::replay;  // the draws that the gradients belong to
        }
    }
    trial.A[0] = X;
    const auto tensors = tensors_by_layer(network, ws, trial.A[0]);
    const Sides kinks = [&](std::vector<int>& sides) { append_sides(sides, network, trial, T, loss); };
    std::vector<Derivatives> result;
    for (std::size_t l = 0; l < tensors.size(); ++l) {
        if (tensors[l].empty()) {
            continue;
        }
        network.forward(trial, X);
        const auto compute_loss = [&] {  // the layers before l stay as they are
            for (std::size_t k = std::max<std::size_t>(l, 1); k <= network.depth(); ++k) {
                network.layer(k).forward(trial.Z[k], trial.pass[k], trial.A[k - 1]);
                activation_forward(trial.A[k], trial.Z[k], network.layer(k).activation);
            }
            return network.loss(trial, T, loss);
        };
        std::ranges::move(loss_derivatives(tensors[l], compute_loss, kinks, options), std::back_inserter(result));
    }
    return result;
}

GradientCheck check_gradients(Network& network, const Workspace& ws, const Matrix& X, const Matrix& T, Loss loss,
                              const std::vector<Derivatives>& derivatives, const GradientCheckOptions& options) {
    Matrix inputs = X;
    std::vector<Parameter> tensors;
    for (const std::vector<Parameter>& of_layer : tensors_by_layer(network, ws, inputs)) {
        std::ranges::copy(of_layer, std::back_inserter(tensors));
    }
    GradientCheck check = check_gradients(tensors, derivatives, options);
    for (const std::string& name : accumulated_gradients(network, ws)) {  // right or wrong, as was there before
        for (TensorCheck& t : check.tensors) {
            t.passed = t.passed && t.tensor != name;
        }
    }
    if (!check.passed()) {
        blame_equations(check, check_equations(network, ws, T, loss, options));
    }
    return check;
}

GradientCheck check_gradients(Network& network, const Workspace& ws, const Matrix& X, const Matrix& T, Loss loss,
                              const GradientCheckOptions& options) {
    return check_gradients(network, ws, X, T, loss, loss_derivatives(network, ws, X, T, loss, options), options);
}

}  // namespace hourglass
