// The twins of the layers' gradient tests: each mistake that people make in their backward, planted into a layer that
// is right otherwise, must be caught, and the tensor where it went wrong must be named.

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "hourglass/nn/layers/average_pool.hpp"
#include "hourglass/nn/layers/batch_norm.hpp"
#include "hourglass/nn/layers/dropout.hpp"
#include "hourglass/nn/layers/max_pool.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "hourglass/nn/layers/upsample.hpp"
#include "nn/layer_testing.hpp"

namespace hourglass {
namespace {

/// What backward_input is given, and what it has written: to be spoiled.
struct Backward {
    Matrix& dX;
    const Matrix& dZ;
    const Matrix& X;
    Pass& pass;
};

/// A layer whose backward_input makes a mistake.
template <class Kind>
class Spoiled final : public Layer {
public:
    using Mistake = std::function<void(const Kind&, Backward)>;
    Mistake mistake;  // none, if it is empty

    explicit Spoiled(const Kind& right) : right_(right) { name = right_.name = "spoiled"; }

    std::size_t in() const override { return right_.in(); }
    std::size_t out() const override { return right_.out(); }
    std::string description() const override { return right_.description(); }
    std::vector<Parameter> parameters() override { return right_.parameters(); }
    std::vector<std::string> kept() const override { return right_.kept(); }
    void append_sides(std::vector<int>& sides, const Matrix& X) const override { right_.append_sides(sides, X); }
    void forward(Matrix& Z, Pass& pass, const Matrix& X) const override { right_.forward(Z, pass, X); }
    void backward(const Matrix& dZ, Pass& pass, const Matrix& X) override { right_.backward(dZ, pass, X); }
    void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const override {
        right_.backward_input(dX, dZ, pass, X);
        if (mistake) {
            mistake(right_, {dX, dZ, X, pass});
        }
    }
    std::unique_ptr<Layer> copy() const override { return std::make_unique<Spoiled>(*this); }

private:
    Kind right_;
};

Dense without_bias(Dense dense) {
    dense.has_bias = false;
    return dense;
}

/// A net of a dense layer, the one to spoil, and another dense layer; a step of it, and what its gradients should be,
/// which no mistake in a backward pass changes.
template <class Kind>
struct SpoiledNet {
    Rng rng{11};
    Network network;
    Workspace ws;
    Matrix X, T;
    std::vector<Derivatives> derivatives;
    bool is_right = false;  // with no mistake

    explicit SpoiledNet(const Kind& layer)
        : network(testing::network_of(without_bias(Dense(4, layer.in(), "below", {})), Spoiled<Kind>(layer),
                                      Dense(layer.out(), 3, "above", {}))),
          ws(network, 12) {
        testing::randomize(network, rng);
        X = testing::random_matrix(5, 4, rng);
        T = testing::random_matrix(5, 3, rng);
        is_right = testing::is_right([&] {
            testing::run_step(network, ws, X, T);
            derivatives = loss_derivatives(network, ws, X, T, Loss::mean_squared_error);
            return check();
        });
    }

    GradientCheck check() {
        return check_gradients(network, ws, X, T, Loss::mean_squared_error, derivatives);
    }

    GradientCheck check_after(const typename Spoiled<Kind>::Mistake& mistake) {
        network.as<Spoiled<Kind>>(2).mistake = mistake;
        network.backward(ws);
        network.backward_input(ws);
        return check();
    }
};

/// The mistake is caught in the layer below, and all that comes after it is found to be right.
template <class Kind>
void check_caught(SpoiledNet<Kind>& net, const std::string& what, const typename Spoiled<Kind>::Mistake& mistake) {
    CAPTURE(what);
    if (!net.is_right) {
        return;
    }
    const GradientCheck check = net.check_after(mistake);
    CAPTURE(check.message());
    CHECK_FALSE(check.passed());
    CHECK(check.message().starts_with("below.W["));
    const bool has_parameters = !net.network.layer(2).parameters().empty();
    const std::string next = has_parameters ? "spoiled.gamma" : "above.W";
    CHECK(testing::contains(check.message(), "the gradients from " + next + " on are right"));
}

}  // namespace

TEST_SUITE_BEGIN("the checks");

TEST_CASE("check_gradients: catches each mistake planted into Sampling") {
    SpoiledNet sampling(Sampling(2, 2));
    const auto each = [](Backward b, const auto& spoil) {
        for (std::size_t i = 0; i < b.X.rows(); ++i) {
            for (std::size_t j = 0; j < 2; ++j) {
                spoil(i, j);
            }
        }
    };
    check_caught(sampling, "no gradient of the penalty for mu", [&](const Sampling& s, Backward b) {
        each(b, [&](auto i, auto j) { b.dX(i, j) -= static_cast<Scalar>(s.beta / 5) * b.X(i, j); });
    });
    check_caught(sampling, "no gradient of the penalty at all", [&](const Sampling& s, Backward b) {
        Sampling(s.latent_size, 0).backward_input(b.dX, b.dZ, b.pass, b.X);
    });
    check_caught(sampling, "the penalty as a sum of the batch", [&](const Sampling& s, Backward b) {
        Sampling(s.latent_size, 5 * s.beta).backward_input(b.dX, b.dZ, b.pass, b.X);
    });
    check_caught(sampling, "s taken for ln sigma",
                 [&](const Sampling&, Backward b) { each(b, [&](auto i, auto j) { b.dX(i, 2 + j) *= 2; }); });
    check_caught(sampling, "another draw than in forward", [&](const Sampling& s, Backward b) {
        Pass other = b.pass;
        for (Scalar& e : other[Sampling::eps].flat()) {
            e = static_cast<Scalar>(other.rng.normal());
        }
        s.backward_input(b.dX, b.dZ, other, b.X);
    });
    check_caught(sampling, "no gradient through the draw", [&](const Sampling& s, Backward b) {
        Pass other = b.pass;
        std::ranges::fill(other[Sampling::eps].flat(), Scalar{0});
        s.backward_input(b.dX, b.dZ, other, b.X);
    });
}

TEST_CASE("check_gradients: catches each mistake planted into Dropout") {
    SpoiledNet dropout(Dropout(row_of(6), 0.4));
    check_caught(dropout, "no mask in backward", [](const Dropout&, Backward b) { b.dX = b.dZ; });
    check_caught(dropout, "not divided by 1 - p", [](const Dropout& d, Backward b) {
        for (Scalar& dx : b.dX.flat()) {
            dx *= static_cast<Scalar>(1 - d.p);
        }
    });
    check_caught(dropout, "another mask than in forward", [](const Dropout& d, Backward b) {
        Pass other = b.pass;
        other.mode = Pass::Mode::train;
        Matrix Z;
        d.forward(Z, other, b.X);
        d.backward_input(b.dX, b.dZ, other, b.X);
    });
}

TEST_CASE("check_gradients: catches each mistake planted into BatchNorm") {
    SpoiledNet norm(BatchNorm({2, 1, 3}));
    check_caught(norm, "mean and variance taken for constants", [](const BatchNorm& n, Backward b) {
        Pass other = b.pass;
        other.mode = Pass::Mode::evaluate;
        n.backward_input(b.dX, b.dZ, other, b.X);
    });
    const auto spoiled = [](const BatchNorm& n, Backward b, const Scalar& dgamma, const Scalar& dbeta) {
        BatchNorm other = n;
        for (Scalar& v : other.dgamma) {
            v *= dgamma;
        }
        for (Scalar& v : other.dbeta) {
            v *= dbeta;
        }
        other.backward_input(b.dX, b.dZ, b.pass, b.X);
    };
    check_caught(norm, "the variance taken for a constant",
                 [&](const BatchNorm& n, Backward b) { spoiled(n, b, 0, 1); });
    check_caught(norm, "divided by the samples, not by all values of a channel",
                 [&](const BatchNorm& n, Backward b) { spoiled(n, b, 2, 2); });
    check_caught(norm, "without gamma", [](const BatchNorm& n, Backward b) {
        for (std::size_t k = 0; k < b.dX.size(); ++k) {
            b.dX.flat()[k] /= n.gamma[k % 3];
        }
    });
}

TEST_CASE("check_gradients: catches a spoiled parameter of BatchNorm and names it") {
    Rng rng(13);
    Network network =
        testing::network_of(testing::named(BatchNorm(row_of(3)), "norm"), Dense(3, 2, "above", {}));
    testing::randomize(network, rng);
    Workspace ws(network, 1);
    const Matrix X = testing::random_matrix(4, 3, rng), T = testing::random_matrix(4, 2, rng);
    if (!testing::is_right([&] { return testing::check_step(network, ws, X, T); })) {
        return;
    }
    const auto message = [&] {
        return check_gradients(network, ws, X, T, Loss::mean_squared_error).message();
    };
    network.as<BatchNorm>(1).dgamma[1] += 1;
    CHECK(message().starts_with("norm.gamma[1]: "));
    network.as<BatchNorm>(1).dbeta[2] += 1;
    CHECK(message().starts_with("norm.beta[2]: "));
}

TEST_CASE("check_gradients: catches each mistake planted into MaxPool") {
    SpoiledNet pool(MaxPool({{3, 3, 2}, 2, 2}));
    check_caught(pool, "to all that is under the window", [](const MaxPool& p, Backward b) {
        AveragePool(p.window).backward_input(b.dX, b.dZ, b.pass, b.X);
    });
    check_caught(pool, "overlapping places overwrite each other", [](const MaxPool& p, Backward b) {
        for (std::size_t i = 0; i < b.dX.rows(); ++i) {
            for (std::size_t j = 0; j < p.out(); ++j) {  // leave only the last dz that a pixel was given
                Pass one = b.pass;
                Matrix dZ(b.dZ.rows(), b.dZ.cols()), dX;
                dZ(i, j) = 1;
                p.backward_input(dX, dZ, one, b.X);
                for (std::size_t k = 0; k < dX.cols(); ++k) {
                    b.dX(i, k) = dX(i, k) == 0 ? b.dX(i, k) : b.dZ(i, j);
                }
            }
        }
    });
    check_caught(pool, "the channels mixed up", [](const MaxPool&, Backward b) {
        for (std::size_t k = 0; k < b.dX.size(); k += 2) {
            std::swap(b.dX.flat()[k], b.dX.flat()[k + 1]);
        }
    });
}

TEST_CASE("check_gradients: catches each mistake planted into AveragePool") {
    SpoiledNet pool(AveragePool({{3, 4, 1}, 2, 2, 2, Window::Padding::same}));
    check_caught(pool, "a sum in backward", [](const AveragePool&, Backward b) {
        for (Scalar& dx : b.dX.flat()) {
            dx *= 4;
        }
    });
    check_caught(pool, "the border counted", [](const AveragePool&, Backward b) {
        for (std::size_t i = 0; i < b.dX.rows(); ++i) {
            for (std::size_t k = 8; k < 12; ++k) {  // the last row: half of its windows is border
                b.dX(i, k) /= 2;
            }
        }
    });
}

TEST_CASE("check_gradients: catches each mistake planted into Upsample") {
    SpoiledNet upsample(Upsample({2, 2, 1}, 2));
    check_caught(upsample, "one pixel of each square", [](const Upsample& u, Backward b) {
        for (std::size_t i = 0; i < b.dX.rows(); ++i) {
            for (std::size_t k = 0; k < u.in(); ++k) {
                b.dX(i, k) = b.dZ(i, k / 2 * 8 + k % 2 * 2);
            }
        }
    });
    check_caught(upsample, "a mean in place of a sum", [](const Upsample&, Backward b) {
        for (Scalar& dx : b.dX.flat()) {
            dx /= 4;
        }
    });
}

TEST_SUITE_END();

}  // namespace hourglass
