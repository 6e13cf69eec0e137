#include "hourglass/analysis/attractors.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <numeric>

#include "hourglass/analysis/confusion.hpp"
#include "hourglass/analysis/half_way.hpp"
#include "hourglass/core/reference.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using doctest::Approx;

/// A net made by hand: z = (x_0, x_1), y = tanh(100 (z - border)).
Autoencoder hand_made(Scalar border_x, Scalar border_y) {
    const std::array<std::size_t, 2> widths = {2, 2};
    Autoencoder model = mirrored_autoencoder(widths, {.latent = {Activation::Kind::identity}});
    model.as<Dense>(1).W(0, 0) = model.as<Dense>(1).W(1, 1) = 1;
    model.as<Dense>(2).W(0, 0) = model.as<Dense>(2).W(1, 1) = 100;
    model.as<Dense>(2).b = {-100 * border_x, -100 * border_y};
    return model;
}

const Matrix corners = {{-1, -1}, {1, -1}, {-1, 1}, {1, 1}};  // below left, below right, above ...

double sum(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

TEST_CASE("map_attractors: of borders through the middle each corner owns a quarter") {
    const AttractorMap map = map_attractors(hand_made(0, 0), corners, 0.1, 20);
    CHECK(map.columns == 20);
    CHECK(map.rows == 20);
    REQUIRE(map.owner.size() == 400);
    CHECK(map.share == std::vector<double>{0.25, 0.25, 0.25, 0.25});
    CHECK(map.owner[0] == 2);  // from the top left
    CHECK(map.owner[19] == 3);
    CHECK(map.owner[380] == 0);
    CHECK(map.owner[399] == 1);
    CHECK(map.owner[9 * 20 + 9] == 2);
    CHECK(map.owner[9 * 20 + 10] == 3);
    CHECK(map.owner[10 * 20 + 9] == 0);
}

TEST_CASE("map_attractors: the box is that of the codes and the margin widens it") {
    const AttractorMap map = map_attractors(hand_made(0, 0), corners, 0.25, 4);
    CHECK(map.box.x_min == -1.5);
    CHECK(map.box.x_max == 1.5);
    CHECK(map.box.y_min == -1.5);
    CHECK(map.box.y_max == 1.5);
}

TEST_CASE("map_attractors: shares are those of the areas and sum to 1") {
    // Without a margin the box is [-1, 1] x [-1, 1]; the borders are at x = 0.5 and y = -0.2.
    const AttractorMap map = map_attractors(hand_made(Scalar(0.5), Scalar(-0.2)), corners, 0, 200);
    REQUIRE(map.share.size() == 4);
    CHECK(map.share[0] == Approx(0.75 * 0.4).epsilon(0.02));
    CHECK(map.share[1] == Approx(0.25 * 0.4).epsilon(0.02));
    CHECK(map.share[2] == Approx(0.75 * 0.6).epsilon(0.02));
    CHECK(map.share[3] == Approx(0.25 * 0.6).epsilon(0.02));
    CHECK(sum(map.share) == Approx(1).epsilon(1e-12));
}

TEST_CASE("map_attractors: a sample that owns nothing has the share 0") {
    const Matrix X = {{-1, -1}, {1, 1}, {1, 1}};  // the third is never the first of the nearest
    const AttractorMap map = map_attractors(hand_made(0, 0), X, 0.1, 10);
    REQUIRE(map.share.size() == 3);
    CHECK(map.share[2] == 0);
    CHECK(sum(map.share) == Approx(1).epsilon(1e-12));
}

TEST_CASE("map_attractors: each point belongs to what its decoded image is taken for") {
    const std::array<std::size_t, 3> widths = {12, 8, 2};
    Rng rng(3);
    const Autoencoder model = mirrored_autoencoder(widths, {}, Initialization::layer_scaled, rng);
    const Matrix X = testing::random_matrix(7, 12, rng);
    const AttractorMap map = map_attractors(model, X, 0.1, 15);
    for (std::size_t r = 0; r < 15; ++r) {
        for (std::size_t c = 0; c < 15; ++c) {
            const double x = map.box.x_min + (static_cast<double>(c) + 0.5) / 15 * map.box.width();
            const double y = map.box.y_max - (static_cast<double>(r) + 0.5) / 15 * map.box.height();
            const Matrix image = model.decode({{static_cast<Scalar>(x), static_cast<Scalar>(y)}});
            CHECK(map.owner[r * 15 + c] == taken_for(image, X)[0]);
        }
    }
}

TEST_CASE("map_attractors: a very wide network is looked at on a coarser grid") {
    const std::array<std::size_t, 3> widths = {2, 300'000, 2};
    const Autoencoder wide = mirrored_autoencoder(widths, {});
    const std::size_t fineness = affordable_fineness(wide, 60);
    CHECK(fineness < 60);
    CHECK(fineness >= 10);
    CHECK(affordable_fineness(hand_made(0, 0), 200) == 200);
    if constexpr (!reference_kernels) {  // whose plain loops take minutes for as many multiplications
        const AttractorMap map = map_attractors(wide, corners, 0.1, 60);
        CHECK(map.columns == fineness);
        CHECK(map.owner.size() == map.columns * map.rows);
    }
}

TEST_CASE("half_way_candidates: the images that are compared do not grow with the samples") {
    CHECK(half_way_candidates(24) == 24);
    CHECK(half_way_candidates(100) == 64);
    for (const std::size_t n : {1000u, 3000u, 1'000'000u}) {
        CHECK(half_way_candidates(n) >= 2);
        CHECK(half_way_candidates(n) * half_way_candidates(n) / 2 * n < 10'000'000);
    }
}

}  // namespace hourglass
