// Mistakes planted into a backward pass of the library's own layers: each must be named, with its layer and
// equation.

#include "hourglass/nn/equation_check.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "hourglass/nn/layers/average_pool.hpp"
#include "hourglass/nn/layers/batch_norm.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/dropout.hpp"
#include "hourglass/nn/layers/max_pool.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "nn/layer_testing.hpp"

namespace hourglass::planting {  // names of its own, for several files are compiled together

using testing::contains;
using testing::Kind;

namespace {

constexpr std::size_t samples = 3, side = 4;

const testing::Output squared = {Loss::mean_squared_error, {Kind::identity}};
const testing::Output entropy = {Loss::cross_entropy, {Kind::sigmoid}};

/// Three square layers, and a step in which something is spoiled after one of its equations.
struct SpoiledStep {
    Rng rng{21};
    testing::Output output;
    Network network;
    Matrix X, T;
    Workspace ws;

    SpoiledStep(const Activation& hidden, const testing::Output& o)
        : output(o),
          network(testing::make_network({side, side, side, side}, hidden, o.activation, rng)),
          X(testing::random_matrix(samples, side, rng)),
          T(testing::random_targets(samples, side, o, rng)),
          ws(network) {
        testing::make_checkable(network);
    }

    using Spoil = std::function<void(SpoiledStep&)>;

    /// @param after  "X2" is after dX of layer 2, "L" after the loss
    void run(const std::string& after, const Spoil& spoil) {
        const auto done = [&](const std::string& equation) {
            if (equation == after) {
                spoil(*this);
            }
        };
        network.forward(ws, X);
        network.loss(ws, T, output.loss);
        done("L");
        for (std::size_t l = network.depth(); l >= 1; --l) {
            network.layer(l).backward(ws.dZ[l], ws.pass[l], ws.A[l - 1]);
            done("W" + std::to_string(l));
            network.layer(l).backward_input(ws.dA[l - 1], ws.dZ[l], ws.pass[l], ws.A[l - 1]);
            done("X" + std::to_string(l));
            if (l > 1) {
                activation_backward(ws.dZ[l - 1], ws.dA[l - 1], ws.A[l - 1], network.layer(l - 1).activation);
                done("Z" + std::to_string(l - 1));
            }
        }
    }

    GradientCheck check(const std::string& after, const Spoil& spoil) {
        run(after, spoil);
        return check_gradients(network, ws, X, T, output.loss);
    }

    Dense& dense() { return network.as<Dense>(2); }

    /// dZ_2 = value(da, z, a), element by element.
    void set_dZ(const std::function<double(double da, double z, double a)>& value) {
        for (std::size_t p = 0; p < ws.dZ[2].size(); ++p) {
            ws.dZ[2].flat()[p] = static_cast<Scalar>(value(static_cast<double>(ws.dA[2].flat()[p]),
                                                           static_cast<double>(ws.Z[2].flat()[p]),
                                                           static_cast<double>(ws.A[2].flat()[p])));
        }
    }
};

void times(std::span<Scalar> values, double factor) {
    for (Scalar& value : values) {
        value *= static_cast<Scalar>(factor);
    }
}

/// V = sum_p U_ip W_pj, in one of its forms.
void sum_products(Matrix& V, std::size_t rows, std::size_t cols, std::size_t terms,
                  const std::function<Scalar(std::size_t i, std::size_t j, std::size_t t)>& term) {
    V = Matrix(rows, cols);
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < cols; ++j) {
            for (std::size_t t = 0; t < terms; ++t) {
                V(i, j) += term(i, j, t);
            }
        }
    }
}

struct PlantedMistake {
    const char* named;
    Activation hidden;
    testing::Output output;
    const char* after;
    SpoiledStep::Spoil spoil;
};

/// dW of layer 2 of other factors than dZ_2 and A_1.
void other_dW(SpoiledStep& s, const Matrix& dZ, const Matrix& A, std::size_t first, std::size_t last) {
    sum_products(s.dense().dW, side, side, last - first,
                 [&](auto j, auto k, auto i) { return dZ(first + i, j) * A(first + i, k); });
}

const std::vector<PlantedMistake>& mistakes_to_plant() {
    const Activation tanh = {Kind::tanh}, sigmoid = {Kind::sigmoid}, leaky = {Kind::leaky_relu},
                     softmax = {Kind::softmax};
    static const std::vector<PlantedMistake> all = {
        {"layer.2: dX fits \"W not transposed\"", tanh, squared, "X2",
         [](SpoiledStep& s) {
             sum_products(s.ws.dA[1], samples, side, side,
                          [&](auto i, auto k, auto j) { return s.ws.dZ[2](i, j) * s.dense().W(k, j); });
         }},
        {"layer.2: dX fits \"missing f'", tanh, squared, "X2",
         [](SpoiledStep& s) {
             sum_products(s.ws.dA[1], samples, side, side,
                          [&](auto i, auto k, auto j) { return s.ws.dA[2](i, j) * s.dense().W(j, k); });
         }},
        {"layer.2: dX fits \"overwritten in the sum, where it should be added: only unit 3", tanh, squared,
         "X2",
         [](SpoiledStep& s) {
             sum_products(s.ws.dA[1], samples, side, 1,
                          [&](auto i, auto k, auto) { return s.ws.dZ[2](i, 3) * s.dense().W(3, k); });
         }},
        {"layer.2: dX fits \"sample 2 of the batch forgotten", tanh, squared, "X2",
         [](SpoiledStep& s) { times(s.ws.dA[1].row(2), 0); }},
        {"layer.2: dW fits \"transposed", tanh, squared, "W2",
         [](SpoiledStep& s) {
             const Matrix dW = s.dense().dW;
             sum_products(s.dense().dW, side, side, 1, [&](auto j, auto k, auto) { return dW(k, j); });
         }},
        {"layer.2: dW fits \"sample 2 left out of the sum", tanh, squared, "W2",
         [](SpoiledStep& s) { other_dW(s, s.ws.dZ[2], s.ws.A[1], 0, samples - 1); }},
        {"layer.2: dW fits \"overwritten in the sum, where it should be added: only sample 2 counts", tanh,
         squared, "W2", [](SpoiledStep& s) { other_dW(s, s.ws.dZ[2], s.ws.A[1], samples - 1, samples); }},
        {"layer.2: dW fits \"missing f': of dA", tanh, squared, "W2",
         [](SpoiledStep& s) { other_dW(s, s.ws.dA[2], s.ws.A[1], 0, samples); }},
        {"layer.2: dW fits \"Z of the layer before in place of its A", tanh, squared, "W2",
         [](SpoiledStep& s) { other_dW(s, s.ws.dZ[2], s.ws.Z[1], 0, samples); }},
        {"layer.2: db fits \"never computed", tanh, squared, "W2",
         [](SpoiledStep& s) { times(s.dense().db, 0); }},
        {"layer.2: db fits \"1/n doubled", tanh, squared, "W2",
         [](SpoiledStep& s) { times(s.dense().db, 1.0 / samples); }},
        {"layer.2: dW fits \"0.7 times what it should be\"", tanh, squared, "W2",
         [](SpoiledStep& s) { times(s.dense().dW.flat(), 0.7); }},
        {"layer.2: dZ fits \"missing f': dA in place of dA * f'(Z)", tanh, squared, "Z2",
         [](SpoiledStep& s) { s.ws.dZ[2] = s.ws.dA[2]; }},
        {"layer.2: dZ fits \"the wrong sign", tanh, squared, "Z2",
         [](SpoiledStep& s) { times(s.ws.dZ[2].flat(), -1); }},
        {"layer.2: dZ fits \"f' at the wrong argument: 1 - z^2", tanh, squared, "Z2",
         [](SpoiledStep& s) { s.set_dZ([](double da, double z, double) { return da * (1 - z * z); }); }},
        {"layer.2: dZ fits \"f' at the wrong argument: f'(A)", tanh, squared, "Z2",
         [](SpoiledStep& s) {
             s.set_dZ([](double da, double, double a) { return da * (1 - std::tanh(a) * std::tanh(a)); });
         }},
        {"layer.2: dZ fits \"f' at the wrong argument: z (1 - z)", sigmoid, squared, "Z2",
         [](SpoiledStep& s) { s.set_dZ([](double da, double z, double) { return da * z * (1 - z); }); }},
        {"layer.2: dZ fits \"f' applied twice", sigmoid, squared, "Z2",
         [](SpoiledStep& s) {
             s.set_dZ([](double da, double, double a) { return da * a * (1 - a) * a * (1 - a); });
         }},
        {"layer.2: dZ fits \"f' of the layer after",
         leaky,
         {Loss::mean_squared_error, tanh},
         "Z2",
         [](SpoiledStep& s) { s.set_dZ([](double da, double, double a) { return da * (1 - a * a); }); }},
        {"layer.2: dZ fits \"leaky slope lost", leaky, squared, "Z2",
         [](SpoiledStep& s) { s.set_dZ([](double da, double z, double) { return z > 0 ? da : 0; }); }},
        {"layer.2: dZ fits \"softmax Jacobian taken as diagonal", softmax, squared, "Z2",
         [](SpoiledStep& s) { s.set_dZ([](double da, double, double a) { return da * a * (1 - a); }); }},
        {"layer.3: dZ fits \"softmax Jacobian taken as diagonal",
         tanh,
         {Loss::mean_squared_error, softmax},
         "L",
         [](SpoiledStep& s) {
             for (std::size_t p = 0; p < s.ws.Y().size(); ++p) {
                 const Scalar y = s.ws.Y().flat()[p];
                 s.ws.dZ[3].flat()[p] = s.ws.dA[3].flat()[p] * y * (1 - y);
             }
         }},
        {"layer.2: dZ fits \"softmax without its sum", softmax, squared, "Z2",
         [](SpoiledStep& s) { s.set_dZ([](double da, double, double a) { return da * a; }); }},
        {"layer.3: dZ fits \"the wrong sign: T - Y", tanh, entropy, "L",
         [](SpoiledStep& s) { times(s.ws.dZ[3].flat(), -1); }},
        {"layer.3: dZ fits \"1/n missing", tanh, entropy, "L",
         [](SpoiledStep& s) { times(s.ws.dZ[3].flat(), samples); }},
        {"layer.3: dZ fits \"1/n doubled", tanh, entropy, "L",
         [](SpoiledStep& s) { times(s.ws.dZ[3].flat(), 1.0 / samples); }},
        {"layer.3: dZ fits \"f' of the output", tanh, entropy, "L",
         [](SpoiledStep& s) {
             for (std::size_t p = 0; p < s.ws.Y().size(); ++p) {
                 const Scalar y = s.ws.Y().flat()[p];
                 s.ws.dZ[3].flat()[p] *= y * (1 - y);
             }
         }},
        {"layer.3: dY fits \"the 2 of the square's derivative lost", tanh, squared, "L",
         [](SpoiledStep& s) {
             times(s.ws.dA[3].flat(), 0.5);
             times(s.ws.dZ[3].flat(), 0.5);
         }},
        {"layer.3: dY fits \"1/d missing", tanh, squared, "L",
         [](SpoiledStep& s) {
             times(s.ws.dA[3].flat(), side);
             times(s.ws.dZ[3].flat(), side);
         }},
    };
    return all;
}

}  // namespace

TEST_SUITE_BEGIN("the checks");

TEST_CASE("check_equations: names each mistake that is planted, and check_gradients says the same") {
    for (const PlantedMistake& mistake : mistakes_to_plant()) {
        CAPTURE(mistake.named);
        SpoiledStep step(mistake.hidden, mistake.output);
        if (!testing::is_right([&] { return step.check("none", {}); })) {
            continue;
        }
        const GradientCheck check = step.check(mistake.after, mistake.spoil);
        CAPTURE(check.message());
        CHECK_FALSE(check.passed());
        CHECK(contains(check.message(), std::string("; ") + mistake.named));
        const GradientCheck equations = check_equations(step.network, step.ws, step.T, step.output.loss);
        CHECK(std::ranges::count(equations.tensors, false, &TensorCheck::passed) ==
              1);  // the others are right
        CHECK(contains(equations.message(), std::string("; ") + mistake.named));
    }
}

TEST_CASE("Network: each equation by itself holds with any activation and loss, as check_equations sees it") {
    for (const Activation& hidden : testing::all_activations) {
        for (const testing::Output& output : testing::all_outputs()) {
            CAPTURE(testing::describe(hidden, output, 3));
            SpoiledStep step(hidden, output);
            step.run("none", {});
            const GradientCheck equations = check_equations(step.network, step.ws, step.T, output.loss);
            CHECK_MESSAGE(equations.passed(), equations.message());
            CHECK(equations.tensors.size() >= 12);
        }
    }
}

namespace {

/// A dense layer that adds to its gradients, and to dX.
class Adding final : public Layer {
public:
    Dense right;
    Matrix dW;
    bool adds_dX = false;

    explicit Adding(const Dense& its_right) : right(its_right), dW(its_right.out(), its_right.in()) {
        name = right.name;
    }
    std::size_t in() const override { return right.in(); }
    std::size_t out() const override { return right.out(); }
    std::string description() const override { return right.description(); }
    std::vector<Parameter> parameters() override {
        std::vector<Parameter> result = right.parameters();
        result[0].gradient = dW.flat();
        return result;
    }
    void forward(Matrix& Z, Pass& pass, const Matrix& X) const override { right.forward(Z, pass, X); }
    void backward(const Matrix& dZ, Pass& pass, const Matrix& X) override {
        right.backward(dZ, pass, X);
        for (std::size_t p = 0; p < dW.size() && !adds_dX; ++p) {
            dW.flat()[p] += right.dW.flat()[p];
        }
        dW = adds_dX ? right.dW : dW;
    }
    void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const override {
        Matrix before = dX;
        right.backward_input(dX, dZ, pass, X);
        for (std::size_t p = 0; adds_dX && p < before.size(); ++p) {
            dX.flat()[p] += before.flat()[p];
        }
    }
    std::unique_ptr<Layer> copy() const override { return std::make_unique<Adding>(*this); }
};

}  // namespace

TEST_CASE(
    "check_gradients: names a gradient that is added to what was there, even where it comes out right") {
    for (const std::size_t steps : {1u, 2u}) {
        for (const bool adds_dX : {false, true}) {
            Rng rng(31);
            Adding adding(Dense(4, 3, "adding", {}));
            adding.adds_dX = adds_dX;
            const Dense below(4, 4, "below", {Kind::tanh}), above(3, 2, "above", {});
            Network network = testing::network_of(below, adding, above);
            Network twin = testing::network_of(below, adding.right, above);
            testing::randomize(network, rng);
            testing::randomize(twin, rng);
            Workspace ws(network), ws_of_twin(twin);
            const Matrix X = testing::random_matrix(3, 4, rng), T = testing::random_matrix(3, 2, rng);
            if (!testing::is_right([&] { return testing::check_step(twin, ws_of_twin, X, T); })) {
                return;
            }
            GradientCheck check;
            for (std::size_t step = 0; step < steps; ++step) {
                check = testing::check_step(network, ws, X, T);
            }
            CAPTURE(check.message());
            const std::string tensor = adds_dX ? "adding: dX" : "adding: dW";
            CHECK(contains(check_equations(network, ws, T, Loss::mean_squared_error).message(),
                           tensor + " fits \"added to what was there"));
            if (!adds_dX || steps == 2) {
                CHECK(contains(check.message(), tensor + " fits \"added to what was there"));
            }
        }
    }
}

namespace {

/// What a layer's backward is given, and what it has written: to be spoiled.
template <class Kind>
struct Written {
    Kind& layer;
    Matrix& dX;
    const Matrix& dZ;
    Pass& pass;
    const Matrix& X;
};

/// The message after a step of a net with this layer between two dense ones, whose dX `spoil` changes; none if it was
/// wrong before that.
template <class Kind>
std::optional<std::string> message_after(const Kind& layer, const std::function<void(Written<Kind>)>& spoil) {
    Rng rng(11);
    Network network = testing::network_of(Dense(4, layer.in(), "below", {}), testing::named(layer, "spoiled"),
                                          Dense(layer.out(), 3, "above", {}));
    testing::randomize(network, rng);
    Workspace ws(network, 12);
    const Matrix X = testing::random_matrix(5, 4, rng), T = testing::random_matrix(5, 3, rng);
    if (!testing::is_right([&] { return testing::check_step(network, ws, X, T); })) {
        return std::nullopt;
    }
    spoil({network.as<Kind>(2), ws.dA[1], ws.dZ[2], ws.pass[2], ws.A[1]});
    return check_equations(network, ws, T, Loss::mean_squared_error).message();
}

/// Does the message say so of dX, or of another gradient?
template <class Kind>
void check_kind(const Kind& layer, const std::string& mistake,
                const std::function<void(Written<Kind>)>& spoil, const std::string& gradient = "dX") {
    const std::optional<std::string> message = message_after<Kind>(layer, spoil);
    if (message) {
        CAPTURE(*message);
        CHECK(contains(*message, "; spoiled: " + gradient + " fits \"" + mistake));
    }
}

}  // namespace

TEST_CASE("check_equations: names the mistakes of one kind of layer") {
    check_kind<Sampling>(Sampling(2, 2), "the penalty forgotten",
                         [](auto w) { Sampling(2, 0).backward_input(w.dX, w.dZ, w.pass, w.X); });
    check_kind<Sampling>(Sampling(2, 2), "the penalty not divided by n",
                         [](auto w) { Sampling(2, 10).backward_input(w.dX, w.dZ, w.pass, w.X); });
    check_kind<Sampling>(Sampling(2, 2), "nothing comes back through the draw", [](auto w) {
        Pass silent = w.pass;
        std::ranges::fill(silent[Sampling::eps].flat(), Scalar{0});
        w.layer.backward_input(w.dX, w.dZ, silent, w.X);
    });
    check_kind<Dropout>(Dropout(row_of(6), 0.4), "dZ passed on as it is", [](auto w) { w.dX = w.dZ; });
    check_kind<BatchNorm>(BatchNorm({2, 1, 3}), "mean and variance taken for constants", [](auto w) {
        for (std::size_t p = 0; p < w.dX.size(); ++p) {
            w.dX.flat()[p] = w.layer.gamma[p % 3] * w.pass[BatchNorm::rstd](0, p % 3) * w.dZ.flat()[p];
        }
    });
    check_kind<MaxPool>(MaxPool({{3, 3, 2}, 2, 2}), "to all that is under the window",
                        [](auto w) { AveragePool(w.layer.window).backward_input(w.dX, w.dZ, w.pass, w.X); });
    const AveragePool average({{5, 3, 2}, 3, 3, 2, Window::Padding::same});
    check_kind<AveragePool>(average, "divided by the number of pixels twice", [&](auto w) {
        Matrix halved = w.dZ;
        for (std::size_t p = 0; p < halved.size(); ++p) {
            const std::size_t place = p % 12 / 2;  // 3 down, 2 across, each at a side
            halved.flat()[p] /= place == 2 || place == 3 ? 6 : 4;
        }
        average.backward_input(w.dX, halved, w.pass, w.X);
    });
    check_kind<Convolution>(Convolution({{3, 3, 1}, 2, 2}, 2), "1/n missing",
                            [](auto w) { times(w.dX.flat(), 5); });
    check_kind<Convolution>(Convolution({{3, 3, 1}, 2, 2}, 2), "the windows of W turned by 180 degrees",
                            [](auto w) {
                                Convolution turned = w.layer;
                                for (std::size_t j = 0; j < 2; ++j) {
                                    std::ranges::reverse(turned.W.row(j));
                                }
                                turned.backward_input(w.dX, w.dZ, w.pass, w.X);
                            });
}

TEST_CASE("check_equations: names what the sums over the places of a window have lost") {
    const Convolution convolution({{3, 3, 1}, 2, 2}, 2);
    check_kind<Convolution>(
        convolution, "overwritten in the sum, where it should be added: only the last patch", [](auto w) {
            for (std::size_t i = 0; i < w.dX.rows(); ++i) {
                for (std::size_t r = 0; r < 4; ++r) {
                    for (std::size_t k = 0; k < 4; ++k) {
                        w.dX(i, w.layer.window.position(r, k)) =
                            w.dZ(i, 2 * r) * w.layer.W(0, k) + w.dZ(i, 2 * r + 1) * w.layer.W(1, k);
                    }
                }
            }
        });
    check_kind<AveragePool>(AveragePool({{3, 3, 1}, 2, 2}),
                            "overwritten in the sum, where it should be added: only the last patch",
                            [](auto w) {
                                for (std::size_t i = 0; i < w.dX.rows(); ++i) {
                                    for (std::size_t r = 0; r < 4; ++r) {
                                        for (std::size_t k = 0; k < 4; ++k) {
                                            w.dX(i, w.layer.window.position(r, k)) = w.dZ(i, r) / 4;
                                        }
                                    }
                                }
                            });
    check_kind<Convolution>(
        convolution, "the first place left out of the sum",
        [](auto w) {
            for (std::size_t k = 0; k < 4; ++k) {
                w.layer.dW(0, k) -= w.dZ(0, 0) * w.X(0, w.layer.window.position(0, k));
                w.layer.dW(1, k) -= w.dZ(0, 1) * w.X(0, w.layer.window.position(0, k));
            }
        },
        "dW");
    check_kind<Convolution>(
        convolution, "overwritten in the sum, where it should be added: only the last place counts",
        [](auto w) {
            w.layer.db = {w.dZ(4, 6), w.dZ(4, 7)};
        },
        "db");
}

TEST_CASE("check_equations: where forward applies another f, it does not accuse the derivative") {
    for (const Kind kind : {Kind::tanh, Kind::sigmoid}) {
        Rng rng(5);
        Network network = testing::network_of(Dense(4, 3, "below", {kind}), Dense(3, 2, "above", {}));
        testing::randomize(network, rng);
        Workspace ws(network);
        const Matrix X = testing::random_matrix(5, 4, rng), T = testing::random_matrix(5, 2, rng);
        if (!testing::is_right([&] { return testing::check_step(network, ws, X, T); })) {
            continue;
        }
        network.forward(ws, X);
        times(ws.A[1].flat(), 0.5);
        network.loss(ws, T, Loss::mean_squared_error);
        network.backward(ws);
        const std::string message = check_equations(network, ws, T, Loss::mean_squared_error).message();
        CHECK(contains(message, "; below: dZ fits \"A is not f(Z)"));
    }
}

TEST_SUITE_END();

}  // namespace hourglass::planting
