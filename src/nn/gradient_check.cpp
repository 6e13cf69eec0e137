#include "hourglass/nn/gradient_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

/// One tensor's gradients, both ways, at the elements that were compared.
struct Comparison {
    std::vector<std::size_t> positions;
    std::vector<double> analytic;
    std::vector<double> numeric;
    std::size_t skipped = 0;
};

/// The largest size of a value; NaN where there is one.
double largest(const std::vector<double>& values) {
    double result = 0;
    for (const double value : values) {
        if (std::isnan(value)) {
            return value;
        }
        result = std::max(result, std::abs(value));
    }
    return result;
}

Comparison compare(const Parameter& parameter, const std::function<double()>& loss,
                   const std::function<void(std::vector<bool>&)>& kinks, double h) {
    Comparison result;
    std::vector<bool> sides_here, sides_there;
    const auto same_sides = [&](std::vector<bool>& sides) {
        if (kinks) {
            kinks(sides);
        }
        return sides == sides_here;
    };
    loss();
    if (kinks) {
        kinks(sides_here);
    }
    for (std::size_t i = 0; i < parameter.value.size(); ++i) {
        Scalar& w = parameter.value[i];
        const Scalar w_here = w;
        bool smooth = true;
        std::array<double, 4> L = {};
        constexpr std::array<double, 4> steps = {-2, -1, 1, 2};
        for (std::size_t s = 0; s < steps.size(); ++s) {
            w = static_cast<Scalar>(static_cast<double>(w_here) + steps[s] * h);
            L[s] = loss();
            smooth = smooth && same_sides(sides_there);
        }
        w = w_here;
        if (!smooth) {
            ++result.skipped;
            continue;
        }
        result.positions.push_back(i);
        result.analytic.push_back(static_cast<double>(parameter.gradient[i]));
        result.numeric.push_back((8 * (L[2] - L[1]) - (L[3] - L[0])) / (12 * h));
    }
    return result;
}

/// Do a and c b agree within a hundredth of their size?
bool proportional(const std::vector<double>& a, const std::vector<double>& b, double c) {
    const double size = std::max(largest(a), std::abs(c) * largest(b));
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!(std::abs(a[i] - c * b[i]) <= 0.01 * size)) {
            return false;
        }
    }
    return true;
}

/// Does the gradient hold, row after row, what belongs there column after column?
bool transposed(const Comparison& c, const std::vector<std::size_t>& shape) {
    if (shape.size() != 2 || c.positions.size() != shape[0] * shape[1]) {
        return false;
    }
    const std::size_t rows = shape[0], cols = shape[1], size = rows * cols;
    if (rows < 2 || cols < 2) {
        return false;
    }
    std::vector<double> turned(size);
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < cols; ++j) {
            turned[j * rows + i] = c.numeric[i * cols + j];
        }
    }
    return proportional(c.analytic, turned, 1);
}

std::string suggest(const Comparison& c, const Parameter& parameter) {
    if (std::isnan(largest(c.analytic)) || std::isnan(largest(c.numeric))) {
        return "there is something in it that is not a number";
    }
    double ab = 0, bb = 0;  // least squares: analytic = factor * numeric
    for (std::size_t i = 0; i < c.analytic.size(); ++i) {
        ab += c.analytic[i] * c.numeric[i];
        bb += c.numeric[i] * c.numeric[i];
    }
    const double factor = ab / bb;
    if (largest(c.analytic) == 0) {
        return "every gradient of it is zero: is it computed at all?";
    }
    if (proportional(c.analytic, c.numeric, -1)) {
        return "all of it has the wrong sign";
    }
    const bool scaled = std::isfinite(factor) && factor != 0 && std::abs(factor - 1) > 0.02;
    if (scaled && proportional(c.analytic, c.numeric, factor)) {
        return "all of it is " + to_text(factor, 4) +
               " times what it should be: is the 1/n applied just once?";
    }
    if (transposed(c, parameter.shape)) {
        return "it is transposed";
    }
    return "";
}

TensorCheck judge(const Comparison& c, const Parameter& parameter,
                  const GradientCheckOptions& options) {
    TensorCheck check;
    check.tensor = parameter.name;
    check.compared = c.positions.size();
    check.skipped = c.skipped;
    const double scale = std::max(largest(c.analytic), largest(c.numeric));
    if (c.positions.empty() || scale == 0) {
        check.worst = parameter.name;
        check.hint = c.positions.empty() ? "nothing of it could be compared"
                                         : "all its gradients are zero: the check has seen nothing";
        return check;
    }
    check.relative_error = -1;
    for (std::size_t i = 0; i < c.positions.size(); ++i) {
        const double size = std::max(
            {std::abs(c.analytic[i]), std::abs(c.numeric[i]), options.floor * scale});
        const double error = std::abs(c.analytic[i] - c.numeric[i]) / size;
        if (error > check.relative_error || std::isnan(error)) {
            check.relative_error = error;
            check.worst = parameter.element_name(c.positions[i]);
            check.analytic = c.analytic[i];
            check.numeric = c.numeric[i];
        }
        if (std::isnan(error)) {
            break;
        }
    }
    check.passed = check.relative_error <= options.tolerance;
    if (!check.passed) {
        check.hint = suggest(c, parameter);
    }
    return check;
}

}  // namespace

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

GradientCheck check_gradients(const std::vector<Parameter>& parameters,
                              const std::function<double()>& loss,
                              const std::function<void(std::vector<bool>&)>& kinks,
                              const GradientCheckOptions& options) {
    GradientCheck result;
    for (const Parameter& parameter : parameters) {
        if (parameter.gradient.size() != parameter.value.size()) {
            throw ShapeError(parameter.name + ": a gradient of " +
                             std::to_string(parameter.gradient.size()) + " numbers for " +
                             std::to_string(parameter.value.size()) + " values");
        }
        result.tensors.push_back(
            judge(compare(parameter, loss, kinks, options.step), parameter, options));
    }
    return result;
}

namespace {

/// On which side of each kink the last forward pass in `ws` was, and of the loss's own.
void list_sides(std::vector<bool>& sides, const Network& network, const Workspace& ws, const Matrix& T,
                Loss loss) {
    sides.clear();
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

}  // namespace

GradientCheck check_gradients(Network& network, const Workspace& ws, const Matrix& X, const Matrix& T,
                              Loss loss, const GradientCheckOptions& options) {
    Matrix X_trial = X;  // the check moves its elements too
    std::vector<Parameter> parameters;
    if (!ws.dA[0].empty()) {
        require_same_shape("gradient check, dX and X", ws.dA[0], X);
        parameters.push_back({"X", X_trial.flat(), ws.dA[0].flat(), {X.rows(), X.cols()}});
    }
    for (Parameter& parameter : network.parameters()) {
        if (!parameter.gradient.empty()) {
            parameters.push_back(std::move(parameter));
        }
    }
    Workspace trial = ws;
    for (Pass& pass : trial.pass) {
        if (pass.mode == Pass::Mode::train) {
            pass.mode = Pass::Mode::replay;  // the draws that the gradients belong to
        }
    }
    const auto compute_loss = [&] {
        network.forward(trial, X_trial);
        return network.loss(trial, T, loss);
    };
    const auto kinks = [&](std::vector<bool>& sides) { list_sides(sides, network, trial, T, loss); };
    return check_gradients(parameters, compute_loss, kinks, options);
}

}  // namespace hourglass
