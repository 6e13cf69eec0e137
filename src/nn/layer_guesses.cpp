// The mistakes that are tried in the equations of a layer.

#include <algorithm>
#include <functional>

#include "hourglass/nn/layers/average_pool.hpp"
#include "hourglass/nn/layers/batch_norm.hpp"
#include "hourglass/nn/layers/max_pool.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "layer_equation.hpp"

namespace hourglass {
namespace {

using Parts = LayerEquation::Parts;

constexpr std::size_t by_input = ~std::size_t{0};  // in place of the number of a parameter

/// The derivatives of another layer, another batch or another dZ: what a mistake comes to.
std::vector<double> of_other(const LayerEquation& equation, const std::vector<std::size_t>& positions,
                             double h, std::size_t p, const std::function<void(LayerEquation&)>& change) {
    LayerEquation other = equation;
    change(other);
    return other.by(p == by_input ? other.X.flat() : other.parameter(p), positions, Parts::samples, h).sum();
}

/// A sum without one of its terms, and that one alone: what becomes of a loop that ends too early, and of = in
/// place of +=.
void add_terms(std::vector<Guess>& guesses, const Derivatives& right, const std::string& term) {
    const std::vector<double> sum = right.sum();
    const std::size_t terms = right.of.size() - 1;  // and the penalty
    for (std::size_t k = 0; k < terms; ++k) {
        Guess without{term + " " + std::to_string(k) + " left out of the sum", sum};
        for (std::size_t e = 0; e < sum.size(); ++e) {
            without.value[e] -= right.of[k][e];
        }
        guesses.push_back(std::move(without));
    }
    for (std::size_t k = 0; k < terms; ++k) {
        guesses.push_back({"overwritten in the sum, where it should be added: only " + term + " " +
                               std::to_string(k) + " counts",
                           right.of[k]});
    }
}

/// The same of a sum over the places of a window: the first or the last left out, only the last counted, and for dX
/// only the last of those that lie over a pixel.
void add_places(std::vector<Guess>& guesses, const LayerEquation& equation,
                const std::vector<std::size_t>& positions, double h, std::size_t p) {
    LayerEquation same = equation;
    if (numbers_of_place(*same.layer) == same.layer->out()) {
        return;
    }
    const Derivatives each =
        same.by(p == by_input ? same.X.flat() : same.parameter(p), positions, Parts::places, h);
    const std::size_t last = each.of.size() - 2;  // behind it is the penalty
    const std::vector<double> sum = each.sum();
    Guess without_first{"the first place left out of the sum", sum},
        without_last{"the last place left out of the sum", sum},
        only_last{"overwritten in the sum, where it should be added: only the last place counts",
                  each.of[last]},
        last_over_pixel{
            "overwritten in the sum, where it should be added: only the last patch over each pixel counts",
            sum};
    for (std::size_t e = 0; e < sum.size(); ++e) {
        without_first.value[e] -= each.of[0][e];
        without_last.value[e] -= each.of[last][e];
        std::size_t place = last;
        while (place > 0 && each.of[place][e] == 0) {
            --place;
        }
        last_over_pixel.value[e] = each.of[place][e];
    }
    for (Guess* guess : {&without_first, &without_last, p == by_input ? &last_over_pixel : &only_last}) {
        guesses.push_back(std::move(*guess));
    }
}

void add_factors(std::vector<Guess>& guesses, const Derivatives& right,
                 const std::vector<std::pair<std::string, double>>& factors) {
    for (const auto& [name, factor] : factors) {
        Guess guess{name, right.sum()};
        for (double& value : guess.value) {
            value *= factor;
        }
        guesses.push_back(std::move(guess));
    }
}

/// For a layer's equations: the loss has divided by n already.
void add_batch_factors(std::vector<Guess>& guesses, const Derivatives& right, std::size_t rows) {
    const double n = static_cast<double>(rows);
    add_factors(guesses, right,
                {{"1/n doubled: it is in dZ already", 1 / n},
                 {"1/n missing: n times what it should be", n},
                 {"doubled: computed or added twice", 2}});
}

/// Square weights as their transpose, those of a window turned by 180 degrees.
void turn(const Parameter& W) {
    const std::vector<Scalar> before(W.value.begin(), W.value.end());
    const std::size_t rows = W.shape[0];
    if (W.shape.size() == 2) {
        for (std::size_t p = 0; p < before.size(); ++p) {
            W.value[p] = before[p % rows * rows + p / rows];
        }
        return;
    }
    const std::size_t channels = W.shape[3], pixels = W.shape[1] * W.shape[2];
    for (std::size_t p = 0; p < before.size(); ++p) {
        const std::size_t filter = p / (pixels * channels), pixel = p / channels % pixels, c = p % channels;
        W.value[p] = before[(filter * pixels + pixels - 1 - pixel) * channels + c];
    }
}

/// Of the image, without its border.
std::size_t pixels_under(const Window& window, std::size_t place) {
    std::size_t count = 0;
    for (std::size_t k = 0; k < window.patch(); k += window.image.channels) {
        count += window.position(place, k) < window.image.size();
    }
    return count;
}

/// The mistakes that are made in one kind of layer alone.
void add_of_kind(std::vector<Guess>& guesses, const LayerEquation& equation,
                 const std::vector<std::size_t>& positions, double h) {
    const auto add = [&](const std::string& name, const std::function<void(LayerEquation&)>& change) {
        guesses.push_back({name, of_other(equation, positions, h, by_input, change)});
    };
    if (const auto* s = dynamic_cast<const Sampling*>(equation.layer.get())) {
        const auto with_beta = [s](double beta) {
            return
                [s, beta](LayerEquation& e) { e.layer = std::make_unique<Sampling>(s->latent_size, beta); };
        };
        add("the penalty forgotten", with_beta(0));
        add("the penalty not divided by n", with_beta(s->beta * static_cast<double>(equation.X.rows())));
        add("nothing comes back through the draw",
            [](LayerEquation& e) { std::ranges::fill(e.pass[Sampling::eps].flat(), Scalar{0}); });
    }
    if (dynamic_cast<const BatchNorm*>(equation.layer.get())) {
        add("mean and variance taken for constants", [](LayerEquation& e) {
            BatchNorm& norm = dynamic_cast<BatchNorm&>(*e.layer);
            for (std::size_t c = 0; c < norm.shape.channels; ++c) {
                const Scalar rstd = e.pass[BatchNorm::rstd](0, c);
                norm.running_mean[c] = e.pass[BatchNorm::mean](0, c);
                norm.running_variance[c] = 1 / (rstd * rstd) - static_cast<Scalar>(BatchNorm::epsilon);
            }
            e.pass.mode = Pass::Mode::evaluate;
        });
    }
    if (const auto* pool = dynamic_cast<const MaxPool*>(equation.layer.get())) {
        add("to all that is under the window, not to the largest", [pool](LayerEquation& e) {
            e.layer = std::make_unique<AveragePool>(pool->window);
            e.pass = Pass(*e.layer);
        });
    }
    if (const auto* pool = dynamic_cast<const AveragePool*>(equation.layer.get())) {
        const auto weigh = [&window = pool->window](bool twice) {
            return [&window, twice](LayerEquation& e) {
                for (std::size_t p = 0; p < e.dZ.size(); ++p) {
                    const auto count =
                        static_cast<Scalar>(pixels_under(window, p % e.dZ.cols() / window.image.channels));
                    e.dZ.flat()[p] *= twice ? 1 / count : count;
                }
            };
        };
        add("divided by the number of pixels twice", weigh(true));
        add("not divided by the number of pixels", weigh(false));
    }
}

}  // namespace

void add_samples_left_out(std::vector<Guess>& guesses, const Derivatives& right, const Matrix& V) {
    for (std::size_t i = 0; i < V.rows(); ++i) {
        guesses.push_back({"sample " + std::to_string(i) + " of the batch forgotten", right.sum()});
        for (std::size_t e = 0; e < right.positions.size(); ++e) {
            guesses.back().value[e] *= right.positions[e] / V.cols() != i;
        }
    }
}

std::vector<Guess> guesses_of_input(const LayerEquation& equation, const Derivatives& right, const Matrix& dA,
                                    double h) {
    std::vector<Guess> guesses;
    for (std::size_t p = 0; p < equation.layer->parameters().size(); ++p) {
        const std::vector<std::size_t> shape = equation.layer->parameters()[p].shape;
        if (shape.size() == 4 || (shape.size() == 2 && shape[0] == shape[1])) {
            guesses.push_back(
                {shape.size() == 2 ? "W not transposed" : "the windows of W turned by 180 degrees",
                 of_other(equation, right.positions, h, by_input,
                          [p](LayerEquation& e) { turn(e.layer->parameters()[p]); })});
        }
    }
    if (dA.size() == equation.dZ.size()) {
        guesses.push_back({"missing f': of dA, not of dZ", of_other(equation, right.positions, h, by_input,
                                                                    [&](LayerEquation& e) { e.dZ = dA; })});
    }
    if (equation.dZ.size() == equation.X.size()) {
        Guess passed_on{"dZ passed on as it is", {}};
        for (const std::size_t p : right.positions) {
            passed_on.value.push_back(static_cast<double>(equation.dZ.flat()[p]));
        }
        guesses.push_back(std::move(passed_on));
    }
    add_of_kind(guesses, equation, right.positions, h);
    add_batch_factors(guesses, right, equation.X.rows());
    add_samples_left_out(guesses, right, equation.X);
    add_terms(guesses, right, "unit");
    add_places(guesses, equation, right.positions, h, by_input);
    return guesses;
}

std::vector<Guess> guesses_of_parameter(const LayerEquation& equation, std::size_t p,
                                        const Derivatives& right, const Matrix& dA, const Matrix& Z_before,
                                        double h) {
    std::vector<Guess> guesses;
    const Parameter parameter = equation.layer->parameters()[p];
    const std::size_t rows = parameter.shape[0], cols = parameter.value.size() / rows;
    if (cols > 1) {
        std::vector<std::size_t> turned;
        for (const std::size_t position : right.positions) {
            turned.push_back(position % rows * cols + position / rows);
        }
        guesses.push_back({"transposed: X^T dZ in place of dZ^T X",
                           of_other(equation, turned, h, p, [](LayerEquation&) {})});
    }
    if (dA.size() == equation.dZ.size()) {
        guesses.push_back({"missing f': of dA, not of dZ",
                           of_other(equation, right.positions, h, p, [&](LayerEquation& e) { e.dZ = dA; })});
    }
    if (Z_before.size() == equation.X.size()) {
        guesses.push_back(
            {"Z of the layer before in place of its A",
             of_other(equation, right.positions, h, p, [&](LayerEquation& e) { e.X = Z_before; })});
    }
    add_batch_factors(guesses, right, equation.X.rows());
    add_terms(guesses, right, "sample");
    add_places(guesses, equation, right.positions, h, p);
    return guesses;
}

}  // namespace hourglass
