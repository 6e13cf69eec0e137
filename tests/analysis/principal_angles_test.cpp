#include "hourglass/analysis/principal_angles.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace hourglass {

TEST_CASE("principal_angles: of planes, in closed form") {
    const std::vector<std::vector<double>> xy = {{1, 0, 0, 0}, {0, 1, 0, 0}};
    const auto same = principal_angles({{4, 1, 0, 0}, {3, -2, 0, 0}}, xy);
    CHECK(same[0] < 1e-15);
    for (const double angle : {1e-9, 0.3, 1.5}) {  // turned about one axis, and spanned by vectors that are not orthogonal
        const auto turned =
            principal_angles(xy, {{2, 0, 0, 0}, {5, std::cos(angle), std::sin(angle), 0}});
        CHECK(turned[0] == doctest::Approx(angle).epsilon(1e-6));
        CHECK(turned[1] < 1e-12);
    }
    CHECK(principal_angles(xy, {{0, 0, 1, 0}, {0, 0, 0, 1}})[1] == doctest::Approx(std::acos(0.0)));
}

TEST_CASE("columns_of: the columns of a matrix") {
    CHECK(columns_of({{1, 2}, {3, 4}, {5, 6}}) == std::vector<std::vector<double>>{{1, 3, 5}, {2, 4, 6}});
}

}  // namespace hourglass
