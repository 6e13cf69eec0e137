// Max-pooling, average pooling and upsampling.
#include <doctest/doctest.h>

#include "hourglass/nn/layers/average_pool.hpp"
#include "hourglass/nn/layers/max_pool.hpp"
#include "hourglass/nn/layers/upsample.hpp"
#include "nn/layer_testing.hpp"

namespace hourglass {

using testing::first_difference;

namespace {

constexpr auto padded = Window::Padding::same;

/// Windows chosen to be awkward: even, of one row, overlapping, larger steps than the window, sizes that do not
/// divide, the whole image, one channel and several.
const std::vector<Window> windows = {
    {{4, 4, 1}, 2, 2, 2},         {{5, 4, 2}, 2, 2, 2},
    {{5, 5, 2}, 3, 3, 2},         {{4, 5, 3}, 1, 1},
    {{5, 7, 1}, 2, 2, 3},         {{3, 4, 2}, 3, 4},
    {{1, 6, 2}, 1, 3, 2},         {{5, 4, 2}, 2, 2, 2, padded},
    {{5, 5, 1}, 3, 3, 2, padded}, {{4, 3, 2}, 4, 2, 1, padded},
    {{5, 5, 2}, 1, 1, 3, padded}, {{3, 3, 2}, 3, 3, 1, padded},
};

}  // namespace

TEST_CASE("MaxPool: z is the largest number of each channel under the window") {
    const MaxPool pool({{3, 3, 2}, 2, 2});
    CHECK(pool.description() == "max_pool(3x3x2,2x2)");
    CHECK(pool.in() == 18);
    CHECK(pool.out() == 8);
    Pass pass(pool);
    const Matrix X = {{1, -1, 2, -2, 3, -3, 4, -4, 9, -9, 6, -6, 7, -7, 8, -8, 5, -5}};
    CHECK(testing::forward(pool, pass, X) == Matrix{{9, -1, 9, -2, 9, -4, 9, -5}});
    CHECK(pass[MaxPool::largest] == Matrix{{3, 0, 2, 0, 1, 0, 0, 3}});
    // The 9 is under all four places.
    const Matrix dX = testing::backward_input(pool, {{1, 10, 2, 20, 3, 30, 4, 40}}, pass, X);
    CHECK(dX == Matrix{{0, 10, 0, 20, 0, 0, 0, 30, 10, 0, 0, 0, 0, 0, 0, 0, 0, 40}});
}

TEST_CASE("MaxPool: the border is never the largest, also where all is negative") {
    const MaxPool pool({{3, 1, 1}, 2, 1, 2, padded});
    Pass pass(pool);
    CHECK(testing::forward(pool, pass, {{-5, -6, -7}}) == Matrix{{-5, -7}});
}

TEST_CASE("MaxPool: of equal numbers the first has the gradient, as in PyTorch") {
    const MaxPool pool({{2, 2, 1}, 2, 2});
    Pass pass(pool);
    const Matrix X = {{1, 4, 4, 4}};
    testing::forward(pool, pass, X);
    CHECK(testing::backward_input(pool, {{8}}, pass, X) == Matrix{{0, 8, 0, 0}});
}

TEST_CASE("AveragePool: z is the mean of what is inside of the image") {
    const AveragePool pool({{3, 2, 1}, 2, 2, 2, padded});
    CHECK(pool.description() == "average_pool(3x2x1,2x2,s2,same)");
    Pass pass(pool);
    const Matrix X = {{1, 2, 3, 4, 5, 6}};
    CHECK(testing::forward(pool, pass, X) == Matrix{{2.5, 5.5}});
    CHECK(testing::backward_input(pool, {{4, 8}}, pass, X) == Matrix{{1, 1, 1, 1, 4, 4}});
}

TEST_CASE("AveragePool: a constant image stays that constant, whatever the window") {
    for (const Window& window : windows) {
        const AveragePool pool(window);
        CAPTURE(pool.description());
        Pass pass(pool);
        const Matrix Z = testing::forward(pool, pass, Matrix(2, pool.in(), 3));
        CHECK(first_difference("Z", Z, Matrix(2, pool.out(), 3)) == "");
    }
}

TEST_CASE("Upsample: each pixel becomes a square, and its gradient is the sum over that") {
    const Upsample upsample({1, 2, 2}, 2);
    CHECK(upsample.description() == "upsample(1x2x2,2)");
    CHECK(upsample.out() == 16);
    Pass pass(upsample);
    const Matrix X = {{1, 2, 3, 4}};
    CHECK(testing::forward(upsample, pass, X) == Matrix{{1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4}});
    const Matrix dZ = {{1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70, 8, 80}};
    CHECK(testing::backward_input(upsample, dZ, pass, X) == Matrix{{14, 140, 22, 220}});
}

TEST_CASE("pooling: training and evaluation are the same") {
    Rng rng(5);
    const auto check = [&](const Layer& layer) {
        CAPTURE(layer.description());
        const Matrix X = testing::random_matrix(2, layer.in(), rng);
        Pass evaluates(layer), trains = testing::training_pass(layer);
        CHECK(testing::forward(layer, evaluates, X) == testing::forward(layer, trains, X));
        CHECK(trains.rng.bits() == testing::training_pass(layer).rng.bits());  // nothing was drawn
    };
    for (const Window& window : windows) {
        check(MaxPool(window));
        check(AveragePool(window));
    }
    check(Upsample({2, 3, 2}, 3));
}

TEST_CASE("pooling: backward matches central differences") {
    std::uint64_t seed = 900;
    for (const Window& window : windows) {
        for (const std::size_t samples : {1u, 2u}) {
            testing::check_layer(MaxPool(window), samples, seed++);
            testing::check_layer(AveragePool(window), samples, seed++);
        }
    }
    for (const std::size_t factor : {1u, 2u, 3u}) {
        testing::check_layer(Upsample({3, 2, 1}, factor), 1, seed++);
        testing::check_layer(Upsample({1, 2, 3}, factor), 2, seed++);
    }
}

TEST_CASE("MaxPool: in a gradient check, numbers within a step of being the largest are skipped") {
    Network network = testing::network_of(testing::named(MaxPool({{1, 4, 1}, 1, 2, 2}), "pool"));
    const Scalar near = static_cast<Scalar>(GradientCheckOptions{}.step / 10);
    Workspace ws(network);
    const GradientCheck check = testing::check_step(network, ws, {{1, 1 + near, 5, 2}}, {{0, 0}});
    CHECK_MESSAGE(check.passed(), check.message());
    CHECK(check.tensors[0].skipped == 2);
    CHECK(check.tensors[0].compared == 2);
}

}  // namespace hourglass
