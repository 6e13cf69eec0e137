#include "hourglass/core/reference.hpp"
#include "hourglass/nn/minibatches.hpp"
#include "hourglass/nn/schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/transposed_convolution.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "nn/testing.hpp"

namespace hourglass {
namespace {

/// Row i is (i, i + 0.5), its target is (100 + i): a row says which sample it is.
struct Samples {
    Matrix X, T;

    explicit Samples(std::size_t count) : X(count, 2), T(count, 1) {
        for (std::size_t i = 0; i < count; ++i) {
            X(i, 0) = static_cast<Scalar>(i);
            X(i, 1) = static_cast<Scalar>(i) + Scalar{0.5};
            T(i, 0) = static_cast<Scalar>(100 + i);
        }
    }
};

/// The samples of one epoch in the order in which they are dealt out, and the sizes of its batches.
struct Epoch {
    std::vector<std::size_t> order;
    std::vector<std::size_t> sizes;
    bool paired = true;  // all numbers of a row, and its target, are of one sample

    explicit Epoch(Minibatches& batches) {
        for (const Batch& batch : batches) {
            sizes.push_back(batch.X.rows());
            paired = paired && batch.T.rows() == batch.X.rows() && batch.X.cols() == 2;
            for (std::size_t i = 0; i < batch.X.rows(); ++i) {
                order.push_back(static_cast<std::size_t>(batch.X(i, 0)));
                paired = paired && batch.X(i, 1) == batch.X(i, 0) + Scalar{0.5} &&
                         batch.T(i, 0) == batch.X(i, 0) + 100;
            }
        }
    }
};

std::vector<std::size_t> sorted(std::vector<std::size_t> values) {
    std::ranges::sort(values);
    return values;
}

}  // namespace

TEST_CASE("Minibatches: deal out every sample once an epoch and the rest in the last batch") {
    const Samples samples(10);
    Minibatches batches(samples.X, samples.T, 4);
    Rng rng(1);
    CHECK(batches.count() == 3);
    for (int epoch = 0; epoch < 5; ++epoch) {
        const Epoch dealt(batches.shuffled(rng));
        CHECK(dealt.sizes == std::vector<std::size_t>{4, 4, 2});
        CHECK(sorted(dealt.order) == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        CHECK(dealt.paired);
    }
}

TEST_CASE("Minibatches: any number of samples and any batch size") {
    for (const std::size_t count : {1u, 2u, 6u, 7u}) {
        const Samples samples(count);
        std::vector<std::size_t> all_samples(count);
        std::iota(all_samples.begin(), all_samples.end(), std::size_t{0});
        for (const std::size_t size : {1u, 2u, 3u, 7u, 100u}) {
            CAPTURE(count);
            CAPTURE(size);
            Minibatches batches(samples.X, samples.T, size);
            Rng rng(2);
            const Epoch dealt(batches.shuffled(rng));
            CHECK(dealt.order.size() == count);
            CHECK(sorted(dealt.order) == all_samples);
            CHECK(dealt.sizes.size() == batches.count());
            CHECK(dealt.sizes.back() == (count - 1) % size + 1);
            CHECK(dealt.paired);
        }
    }
    const Samples none(0);
    Minibatches batches(none.X, none.T, 3);
    CHECK(batches.count() == 0);
    CHECK(Epoch(batches).order.empty());
}

TEST_CASE("Minibatches: a new order each epoch and the samples' own before the first shuffle") {
    const Samples samples(20);
    Minibatches batches(samples.X, samples.T, 6);
    Rng rng(3);
    const std::vector<std::size_t> unshuffled = Epoch(batches).order;
    CHECK(std::ranges::is_sorted(unshuffled));
    const std::vector<std::size_t> first = Epoch(batches.shuffled(rng)).order;
    const std::vector<std::size_t> second = Epoch(batches.shuffled(rng)).order;
    CHECK(first != unshuffled);
    CHECK(second != first);
    CHECK(Epoch(batches).order == second);  // without a shuffle the order stays
}

TEST_CASE("Minibatches: the same seed gives the same orders and another seed others") {
    const Samples samples(20);
    Minibatches a(samples.X, samples.T, 6), b(samples.X, samples.T, 6), c(samples.X, samples.T, 6);
    Rng rng_a(4), rng_b(4), rng_c(5);
    for (int epoch = 0; epoch < 3; ++epoch) {
        const std::vector<std::size_t> order = Epoch(a.shuffled(rng_a)).order;
        CHECK(order == Epoch(b.shuffled(rng_b)).order);
        CHECK(order != Epoch(c.shuffled(rng_c)).order);
    }
}

TEST_CASE("Schedule: constant is the learning rate itself") {
    for (const int epoch : {1, 2, 500, 1000}) {
        CHECK(scheduled_learning_rate({}, 0.3, epoch, 1000) == 0.3);
    }
}

TEST_CASE("Schedule: step multiplies by its factor every so many epochs") {
    const Schedule schedule = {Schedule::Kind::step, 10, 0.5};
    const auto rate = [&](int epoch) { return scheduled_learning_rate(schedule, 0.8, epoch, 100); };
    CHECK(rate(1) == 0.8);
    CHECK(rate(10) == 0.8);
    CHECK(rate(11) == 0.4);
    CHECK(rate(20) == 0.4);
    CHECK(rate(21) == 0.2);
    CHECK(rate(100) == doctest::Approx(0.8 / 512).epsilon(1e-14));
}

TEST_CASE("Schedule: cosine falls from the learning rate to almost zero") {
    const Schedule schedule = {Schedule::Kind::cosine};
    constexpr int epochs = 60;
    const auto rate = [&](int epoch) {
        return scheduled_learning_rate(schedule, 0.8, epoch, epochs);
    };
    CHECK(rate(1) == 0.8);
    CHECK(rate(1 + epochs / 3) == doctest::Approx(0.6).epsilon(1e-14));  // cos 60 degrees is 1/2
    CHECK(rate(1 + epochs / 2) == doctest::Approx(0.4).epsilon(1e-14));
    CHECK(rate(1 + 2 * epochs / 3) == doctest::Approx(0.2).epsilon(1e-14));
    CHECK(
        rate(epochs) ==
        doctest::Approx(0.8 * std::pow(std::sin(std::numbers::pi / epochs / 2), 2)).epsilon(1e-10));
    for (int epoch = 2; epoch <= epochs; ++epoch) {
        CHECK(rate(epoch) < rate(epoch - 1));
    }
}

TEST_CASE("Schedule: names are each other's inverse and an unknown name lists them") {
    for (const char* name : {"constant", "step", "cosine"}) {
        CHECK(name_of(schedule_from_name(name)) == name);
    }
    CHECK(schedule_from_name("cosine") == Schedule::Kind::cosine);
    const std::string message = testing::error_message([] { schedule_from_name("linear"); });
    for (const char* part : {"'linear'", "constant", "step", "cosine"}) {
        CHECK(testing::contains(message, part));
    }
}

namespace {

/// What two steps of an autoencoder leave.
struct Trained {
    std::vector<double> losses;
    Vector parameters;
};

Trained train_on(int threads, Network network, std::size_t samples) {
    const testing::WithThreads with(threads);
    Rng rng(11);
    initialize(network, Initialization::layer_scaled, rng);
    Adam adam(network.parameters(), {});
    Workspace ws(network);
    const Matrix X = testing::random_matrix(samples, network.in(), rng);
    Trained result;
    for (int step = 0; step < 2; ++step) {
        network.forward(ws, X);
        result.losses.push_back(network.loss(ws, X, Loss::mean_squared_error));
        network.backward(ws);
        adam.step();
    }
    for (const Parameter& parameter : network.parameters()) {
        result.parameters.insert(result.parameters.end(), parameter.value.begin(), parameter.value.end());
    }
    return result;
}

void check_threads(const Network& network, std::size_t samples) {
    const Trained expected = train_on(1, network, samples);
    CHECK(expected.losses[1] != expected.losses[0]);
    for (const int count : {1, 2, 3, 7}) {
        CAPTURE(count);
        const Trained found = train_on(count, network, samples);
        CHECK(found.losses == expected.losses);
        CHECK(testing::same_bits(found.parameters, expected.parameters));
    }
}

}  // namespace

// Layers just large enough to be split in three; the plain loops of a debug build are split for no thread.

TEST_CASE("training: has the same bits on 1 and 2 and 3 and 7 threads") {
    constexpr std::size_t share = reference_kernels ? 4 : 1;
    Rng rng(11);
    const Activation tanh = {testing::Kind::tanh};
    const std::vector<std::size_t> widths = {200 / share, 192 / share, 8, 192 / share, 200 / share};
    check_threads(testing::make_network(widths, tanh, tanh, rng), 40);
}

TEST_CASE("training: of convolutions has the same bits on 1 and 2 and 3 and 7 threads") {
    constexpr std::size_t side = reference_kernels ? 6 : 20, channels = reference_kernels ? 2 : 24;
    constexpr auto same = Window::Padding::same;
    check_threads(testing::network_of(Convolution({{side, side, 1}, 3, 3, 2, same}, channels),
                                      Convolution({{side / 2, side / 2, channels}, 3, 3, 1, same}, 8),
                                      TransposedConvolution({side / 2, side / 2, 8}, channels, 3, 3, 2, same),
                                      Convolution({{side, side, channels}, 3, 3, 1, same}, 1)),
                  reference_kernels ? 2 : 19);
}

}  // namespace hourglass
