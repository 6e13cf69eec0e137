#include "hourglass/nn/equation_check.hpp"

#include <algorithm>
#include <cmath>

#include "comparison.hpp"
#include "layer_equation.hpp"

namespace hourglass {
namespace {

const char* const added = "added to what was there: a second backward changes it";

/// Were these computed for the batch that is in `ws`?
bool has_batch(const Workspace& ws, const Matrix& V, std::size_t l) {
    return !V.empty() && V.rows() == ws.A[0].rows() && V.cols() == ws.A[l].cols();
}

LayerEquation equation_of(const Network& network, const Workspace& ws, std::size_t l) {
    return {network.layer(l), ws.pass[l], ws.A[l - 1], ws.dZ[l]};
}

/// Do they differ, and are they numbers?
bool differ(std::span<const Scalar> u, std::span<const Scalar> v) {
    return !std::ranges::equal(u, v) && std::ranges::all_of(v, [](Scalar x) { return std::isfinite(x); });
}

class EquationCheck {
public:
    EquationCheck(Network& network, const Workspace& ws, const Matrix& T, Loss loss,
                  const GradientCheckOptions& options)
        : network_(network),
          ws_(ws),
          T_(T),
          loss_(loss),
          o_(options),
          accumulated_(accumulated_gradients(network, ws)) {}

    GradientCheck run() {
        for (std::size_t l = 1; l <= network_.depth(); ++l) {
            if (has_batch(ws_, ws_.dZ[l], l)) {
                check_layer(l);
                check_output(l);
            }
        }
        return std::move(result_);
    }

private:
    void check_layer(std::size_t l) {
        LayerEquation equation = equation_of(network_, ws_, l);
        const std::string& name = network_.layer(l).name;
        const Matrix& X = ws_.A[l - 1];
        if (has_batch(ws_, ws_.dA[l - 1], l - 1)) {
            const Derivatives right =
                equation.by(equation.X.flat(), spread(X.size()), LayerEquation::Parts::units, o_.step, true);
            add({name + ".X", {}, ws_.dA[l - 1].flat(), {X.rows(), X.cols()}}, right,
                [&] { return guesses_of_input(equation, right, ws_.dA[l], o_.step); });
        }
        const std::vector<Parameter> parameters = network_.layer(l).parameters();
        for (std::size_t p = 0; p < parameters.size(); ++p) {
            if (!parameters[p].gradient.empty()) {
                const Derivatives right =
                    equation.by(equation.parameter(p), spread(parameters[p].value.size()),
                                LayerEquation::Parts::samples, o_.step);
                add(parameters[p], right, [&] {
                    return guesses_of_parameter(equation, p, right, ws_.dA[l], ws_.Z[l - 1], o_.step);
                });
            }
        }
    }

    /// dZ = dA * f'(Z), and what the loss leaves at the last layer.
    void check_output(std::size_t l) {
        const bool last = l == network_.depth(), fused = last && loss_ == Loss::cross_entropy;
        if (!fused && has_batch(ws_, ws_.dA[l], l)) {
            check_activation(l);
        }
        if (last && T_.rows() == ws_.Y().rows() && T_.cols() == ws_.Y().cols()) {
            check_loss(fused);
        }
    }

    void check_activation(std::size_t l) {
        const Activation& f = network_.layer(l).activation;
        const Matrix& dA = ws_.dA[l];
        Matrix Z = ws_.Z[l], A;
        const Numbers phi = [&](std::vector<double>& sum) {
            activation_forward(A, Z, f);
            sum.assign(1, 0);
            for (std::size_t i = 0; i < A.size(); ++i) {
                sum[0] += static_cast<double>(dA.flat()[i]) * static_cast<double>(A.flat()[i]);
            }
        };
        const Derivatives right =
            central_differences(Z.flat(), spread(Z.size()), phi, sides_of(f, Z), o_.step);
        const Activation* next = l < network_.depth() ? &network_.layer(l + 1).activation : nullptr;
        add({network_.layer(l).name + ".Z", {}, ws_.dZ[l].flat(), {Z.rows(), Z.cols()}}, right,
            [&] { return guesses_of_activation(f, next, ws_.Z[l], ws_.A[l], dA, right, o_.step); });
    }

    /// dZ of a fused loss, dY of another.
    void check_loss(bool fused) {
        const std::size_t last = network_.depth();
        const Activation& f = network_.layer(last).activation;
        Matrix Z = ws_.Z[last], Y = ws_.A[last], dZ, dY;
        Matrix& moved = fused ? Z : Y;
        const Numbers L = [&](std::vector<double>& value) {
            if (fused) {
                activation_forward(Y, Z, f);
            }
            value.assign(1, output_loss(dZ, dY, Z, Y, T_, loss_, f));
        };
        const Sides sides = [&](std::vector<int>& above) {
            for (std::size_t i = 0; loss_ == Loss::mean_absolute_error && i < Y.size(); ++i) {
                above.push_back(Y.flat()[i] > T_.flat()[i]);
            }
        };
        const Derivatives right = central_differences(moved.flat(), spread(moved.size()), L, sides, o_.step);
        const Matrix& found = fused ? ws_.dZ[last] : ws_.dA[last];
        if (has_batch(ws_, found, last)) {
            add({network_.layer(last).name + (fused ? ".Z" : ".Y"), {}, found.flat(), {Y.rows(), Y.cols()}},
                right, [&] { return guesses_of_loss(loss_, f, ws_.A[last], T_, right); });
        }
    }

    static Sides sides_of(const Activation& f, const Matrix& Z) {
        return !has_kink(f) ? Sides() : [&Z](std::vector<int>& above) {
            for (const Scalar z : Z.flat()) {
                above.push_back(z > 0);
            }
        };
    }

    std::vector<std::size_t> spread(std::size_t size) const { return spread_positions(size, o_.elements); }

    /// @param guesses  what they are, for where they are needed
    template <class Guesses>
    void add(const Parameter& tensor, const Derivatives& right, const Guesses& guesses) {
        const Comparison c = compare(tensor.gradient, right);
        TensorCheck check = judge(c, tensor, o_);
        std::string name;
        if (std::ranges::find(accumulated_, tensor.name) != accumulated_.end()) {
            check.passed = false;
            name = added;
        } else if (!check.passed && check.hint.empty()) {
            name = name_mistake(c.found, c.right, guesses());
        }
        if (!check.passed && check.hint.empty()) {
            check.hint =
                gradient_name(tensor.name) +
                (name.empty() ? " is wrong, and fits no mistake known here" : " fits \"" + name + "\"");
        }
        result_.tensors.push_back(std::move(check));
    }

    Network& network_;
    const Workspace& ws_;
    const Matrix& T_;
    Loss loss_;
    const GradientCheckOptions& o_;
    std::vector<std::string> accumulated_;
    GradientCheck result_;
};

}  // namespace

GradientCheck check_equations(Network& network, const Workspace& ws, const Matrix& T, Loss loss,
                              const GradientCheckOptions& options) {
    return EquationCheck(network, ws, T, loss, options).run();
}

std::vector<std::string> accumulated_gradients(const Network& network, const Workspace& ws) {
    std::vector<std::string> result;
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        if (!has_batch(ws, ws.dZ[l], l)) {
            continue;
        }
        LayerEquation once = equation_of(network, ws, l);
        once.layer->backward(once.dZ, once.pass, once.X);
        LayerEquation twice = once;
        twice.layer->backward(twice.dZ, twice.pass, twice.X);
        const auto first = once.layer->parameters(), second = twice.layer->parameters();
        for (std::size_t p = 0; p < first.size(); ++p) {
            if (differ(first[p].gradient, second[p].gradient)) {
                result.push_back(first[p].name);
            }
        }
        Matrix dX;
        once.layer->backward_input(dX, once.dZ, once.pass, once.X);
        const Matrix dX_once = dX;
        once.layer->backward_input(dX, once.dZ, once.pass, once.X);
        if (differ(dX_once.flat(), dX.flat())) {
            result.push_back(network.layer(l).name + ".X");
        }
    }
    return result;
}

}  // namespace hourglass
