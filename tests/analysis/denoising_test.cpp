#include "hourglass/analysis/denoising.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace hourglass {

TEST_CASE("DenoiserTest: the nearest of its levels, of two the first") {
    const DenoiserTest test{.levels = {0, 0.5, 1}};
    CHECK(test.nearest_level(0.25) == 0);
    CHECK(test.nearest_level(0.6) == 1);
    CHECK(test.nearest_level(7) == 2);
}

TEST_CASE("points_below_ideal: the largest distance at a level of the training") {
    const DenoiserTest test{.levels = {0.25, 0.5, 0.75}};
    Evaluation evaluation;
    evaluation.below_ideal = {0.25, 0.5, 0.75};
    CHECK(points_below_ideal(test, evaluation, {0, 0.25, 0.5}) == 50);
    CHECK(points_below_ideal(test, evaluation, {0.25}) == 25);
    CHECK(points_below_ideal(test, evaluation, {0.1}) == -INFINITY);
}

TEST_CASE("mean_of: correlations of two seeds, whose intervals end at -1, and which of them is the larger") {
    const NeighbourSummary rho = mean_of(std::vector<NeighbourCorrelations>{{{}, -0.75, -0.25}, {{}, -0.5, 0}});
    CHECK(rho.seeds == 2);
    CHECK(rho.latent.mean == -0.625);
    CHECK(rho.latent.low == -1);
    CHECK(rho.latent.high == doctest::Approx(-0.625 + 12.7062 * 0.125));  // Student's t for one degree of freedom
    CHECK(rho.hamming.mean == -0.125);
    CHECK(rho.advantage.mean == -0.5);
    CHECK(rho.advantage.low == -0.5);  // the same for both seeds
    CHECK(std::isnan(mean_of(std::vector<NeighbourCorrelations>{{}}).latent.low));
}

}  // namespace hourglass
