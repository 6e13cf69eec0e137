#include "hourglass/analysis/evaluation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hourglass/analysis/image_baselines.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/layers/dropout.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using testing::random_matrix;

Autoencoder made_of(std::vector<std::unique_ptr<Layer>> layers, std::size_t latent_layer) {
    Autoencoder model(std::move(layers), latent_layer);
    Rng rng(1);
    initialize(model, Initialization::xavier, rng);
    return model;
}

template <class... Layers>
Autoencoder net(std::size_t latent_layer, Layers... layers) {
    std::vector<std::unique_ptr<Layer>> list;
    (list.push_back(std::make_unique<Layers>(std::move(layers))), ...);
    return made_of(std::move(list), latent_layer);
}

LabelledImages images(const Matrix& X, std::vector<std::size_t> labels) {
    return {1, X.cols(), X, std::move(labels)};
}

}  // namespace

TEST_CASE("score: the error of a whole set is that of its parts, without the masks of training") {
    Rng rng(2);
    const Matrix X = random_matrix(503, 4, rng);  // more than two blocks
    const Autoencoder model = net(2, Dense(4, 3), Dropout(row_of(3), 0.5), Dense(3, 4));
    const SetScores scores = score(model, X, X, Loss::mean_squared_error, 1);
    Matrix dY;
    CHECK(scores.error == doctest::Approx(mean_squared_error(dY, model.predict(X), X)));
    CHECK(scores.kl == 0);
    CHECK(score(model, X, X, Loss::mean_squared_error, 2).error == scores.error);
}

TEST_CASE("score: a sampling layer draws, always the same from one seed, and its KL is told from the error") {
    Rng rng(3);
    const Matrix X = random_matrix(300, 4, rng);
    Autoencoder model = net(2, Dense(4, 4), Sampling(2), Dense(2, 4));
    const auto scores = [&](std::uint64_t seed) { return score(model, X, X, Loss::mean_squared_error, seed); };
    CHECK(scores(1).error == scores(1).error);
    CHECK(scores(1).error != scores(2).error);
    CHECK(scores(1).kl == scores(2).kl);
    CHECK(scores(1).elbo() == -scores(1).error - scores(1).kl);
    // mu = 3 and ln sigma^2 = 0 for both units of every sample: KL = 2 * 9 / 2.
    model.as<Dense>(1).W = Matrix(4, 4);
    model.as<Dense>(1).b = {3, 3, 0, 0};
    CHECK(scores(1).kl == doctest::Approx(9));
}

TEST_CASE("score: accuracy is the share of the rows whose largest output is at the largest target") {
    Autoencoder model = net(1, Dense(3, 3), Dense(3, 3));
    model.as<Dense>(1).W = model.as<Dense>(2).W = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    const Matrix X = {{3, 1, 2}, {1, 3, 2}, {0, 1, 2}, {5, 1, 2}}, T = {{1, 0, 0}, {1, 0, 0}, {0, 0, 1}, {0, 1, 0}};
    CHECK(score(model, X, T, Loss::mean_squared_error, 1).accuracy == 0.5);
}

TEST_CASE("image_baselines: worked by hand for two pixels") {
    // The first pixel is white in all but one training image of 4, the second in none.
    const LabelledImages train = images({{1, 0}, {1, 0}, {1, 0}, {0, 0}}, {0, 0, 0, 1});
    const LabelledImages test = images({{1, 0}, {0, 1}}, {0, 1});
    const Pca pca = fit_pca(train.X, 1);
    const auto errors = reconstruction_baselines({train, test}, pca), nats = density_baselines({train, test});
    CHECK(errors[0].name == "PCA with 1 components");
    CHECK(errors[0].error == doctest::Approx(0.25));  // it knows the first pixel alone, and gets that right
    CHECK(errors[1].error == doctest::Approx((0.0625 + 0 + 0.5625 + 1) / 4));
    // p = (3 + 1) / (4 + 2) and 1 / 6.
    const double first = -std::log(4.0 / 6) - std::log(5.0 / 6), second = -std::log(2.0 / 6) - std::log(1.0 / 6);
    CHECK(nats[0].error == doctest::Approx((first + second) / 2));
    // Of class 0: p = 4 / 5 and 1 / 5; of class 1: 1 / 3 and 1 / 3.
    const double of_0 = -std::log(0.8) - std::log(0.8), of_1 = -std::log(2.0 / 3) - std::log(1.0 / 3);
    CHECK(nats[1].error == doctest::Approx((of_0 + of_1) / 2 + std::log(10.0)));
    // The medians of two pixels are the lower one.
    const auto noise = denoising_baselines(test, {{1, Scalar{0.5}}, {0, Scalar{0.5}}});
    CHECK(noise[0].error == doctest::Approx((0.25 + 0.25) / 4));
    CHECK(noise[1].error == doctest::Approx((0.25 + 0.25 + 0 + 1) / 4));
}

}  // namespace hourglass
