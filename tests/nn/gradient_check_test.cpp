#include "hourglass/nn/gradient_check.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nn/testing.hpp"

namespace hourglass {

using testing::contains;

namespace {

/// w and the loss sum_i w_i^3 of it, with gradients 3 w^2.
struct Cubes {
    Vector w = {3, 4, 5, 6, 7, 8}, g = {27, 48, 75, 108, 147, 192};

    double loss() const {
        double sum = 0;
        for (const Scalar w_i : w) {
            sum += std::pow(static_cast<double>(w_i), 3);
        }
        return sum;
    }
    GradientCheck check(const std::vector<std::size_t>& shape = {2, 3}) {
        return check_gradients({{"w", w, g, shape}}, [this] { return loss(); });
    }
};

}  // namespace

TEST_SUITE_BEGIN("the checks");

TEST_CASE("check_gradients: demands 1e-6 in a double build") {
    if (testing::scalar_is_double) {
        CHECK(GradientCheckOptions{}.tolerance <= 1e-6);
        CHECK(GradientCheckOptions{}.floor <= 1e-3);
    } else {  // a difference quotient of a float is no better
        CHECK(GradientCheckOptions{}.tolerance <= 3e-2);
        CHECK(GradientCheckOptions{}.floor <= 1e-1);
    }
}

TEST_CASE("check_gradients: is exact for a known function and puts the values back") {
    Cubes cubes;
    const GradientCheck check = cubes.check();
    CHECK(check.passed());
    CHECK(check.message().empty());
    REQUIRE(check.tensors.size() == 1);
    CHECK(check.tensors[0].tensor == "w");
    CHECK(check.tensors[0].compared == 6);
    CHECK(check.tensors[0].skipped == 0);
    CHECK(check.worst_relative_error() < (testing::scalar_is_double ? 1e-9 : 1e-3));
    CHECK(cubes.w == Vector{3, 4, 5, 6, 7, 8});
}

TEST_CASE("check_gradients: one element that is off is named with both values") {
    for (std::size_t i = 0; i < 6; ++i) {
        Cubes cubes;
        cubes.g[i] *= Scalar{1.5};
        const GradientCheck check = cubes.check();
        CHECK_FALSE(check.passed());
        const std::string name = Parameter{"w", {}, {}, {2, 3}}.element_name(i);
        CHECK(check.tensors[0].worst == name);
        CHECK(check.message().starts_with(name + ": backward says "));
        CHECK(check.tensors[0].analytic == static_cast<double>(cubes.g[i]));
        CHECK(check.tensors[0].numeric ==
              doctest::Approx(static_cast<double>(cubes.g[i]) / 1.5).epsilon(1e-3));
        CHECK(check.worst_relative_error() == doctest::Approx(1.0 / 3).epsilon(1e-3));
        CHECK_FALSE(contains(check.message(), "transposed"));
        CHECK(contains(cubes.check({6}).message(), (Parameter{"w", {}, {}, {6}}.element_name(i))));
    }
}

TEST_CASE("check_gradients: an error just above the tolerance fails and one below passes") {
    const double tolerance = GradientCheckOptions{}.tolerance;
    for (const auto& [factor, passes] : {std::pair{0.5, true}, std::pair{2.0, false}}) {
        Cubes cubes;
        cubes.g[4] = static_cast<Scalar>(147 * (1 + factor * tolerance));
        CHECK(cubes.check().passed() == passes);
    }
}

TEST_CASE("check_gradients: hints at what the pattern of the errors suggests") {
    Cubes opposite, thrice, zero, turned;
    opposite.g = {-27, -48, -75, -108, -147, -192};
    CHECK(contains(opposite.check().message(), "dw fits \"the wrong sign\""));
    thrice.g = {81, 144, 225, 324, 441, 576};
    CHECK(contains(thrice.check().message(), "dw fits \"3"));
    CHECK(contains(thrice.check().message(), " times what it should be\""));
    zero.g = Vector(6);
    CHECK(contains(zero.check().message(), "dw fits \"never computed: all of it is zero\""));
    turned.g = {27, 108, 48, 147, 75, 192};  // (2, 3) as if it were (3, 2)
    CHECK(contains(turned.check().message(), "dw fits \"transposed\""));
}

TEST_CASE("check_gradients: gradients that are zero both ways fail") {
    Vector w = {1, 2}, g = {0, 0};
    const GradientCheck check = check_gradients({{"w", w, g, {w.size()}}}, [] { return 3.0; });
    CHECK_FALSE(check.passed());
    CHECK(contains(check.message(), "w"));
    CHECK(contains(check.message(), "all its gradients are zero: the check has seen nothing"));
}

TEST_CASE("check_gradients: nothing to compare fails") {
    const GradientCheck none = check_gradients({}, [] { return 3.0; });
    CHECK_FALSE(none.passed());
    CHECK(none.message() == "there is nothing to check");

    Cubes cubes;
    bool side = false;
    const GradientCheck skipped = check_gradients(
        {{"w", cubes.w, cubes.g, {6}}}, [&] { return cubes.loss(); },
        [&](std::vector<int>& sides) { sides.push_back(side = !side); });  // a kink at every step
    CHECK_FALSE(skipped.passed());
    CHECK(skipped.tensors[0].skipped == 6);
    CHECK(contains(skipped.message(), "nothing of it could be compared"));

    Cubes empty;
    CHECK_FALSE(check_gradients({{"w", {}, {}, {0}}}, [&] { return empty.loss(); }).passed());
}

TEST_CASE("check_gradients: a gradient or a loss that is not a number fails") {
    for (const Scalar bad :
         {std::numeric_limits<Scalar>::quiet_NaN(), std::numeric_limits<Scalar>::infinity()}) {
        Cubes cubes;
        cubes.g[2] = bad;
        CHECK_FALSE(cubes.check().passed());
        CHECK(contains(cubes.check().message(), "w[0,2]"));
        CHECK_FALSE(cubes.check().worst_relative_error() <= 1);  // not hidden by the right ones
    }
    Cubes cubes;
    CHECK_FALSE(check_gradients({{"w", cubes.w, cubes.g, {6}}}, [] { return NAN; }).passed());
}

TEST_CASE("check_gradients: elements within a step of a kink are skipped and counted") {
    // L = sum_i |w_i|, with the second a tenth of a step from its kink.
    const Scalar near = static_cast<Scalar>(GradientCheckOptions{}.step / 10);
    Vector w = {2, near, -3}, g = {1, 1, -1};
    const std::vector<Parameter> parameters = {{"w", w, g, {3}}};
    const auto loss = [&] {
        double sum = 0;
        for (const Scalar w_i : w) {
            sum += std::abs(static_cast<double>(w_i));
        }
        return sum;
    };
    const auto kinks = [&](std::vector<int>& sides) {
        for (const Scalar w_i : w) {
            sides.push_back(w_i > 0);
        }
    };
    const GradientCheck check = check_gradients(parameters, loss, kinks);
    CHECK_MESSAGE(check.passed(), check.message());
    CHECK(check.tensors[0].skipped == 1);
    CHECK(check.tensors[0].compared == 2);

    // The twin: without skipping, the difference quotient over the kink is wrong.
    CHECK(check_gradients(parameters, loss).message().starts_with("w[1]: "));
}

TEST_CASE("check_gradients: a tensor is named with its layer, and alone where that has no name") {
    Vector w = {1, 2, -3}, g = {4, 8, -12};  // twice what they should be
    const auto loss = [&] {
        double sum = 0;
        for (const Scalar w_i : w) {
            sum += static_cast<double>(w_i) * static_cast<double>(w_i);
        }
        return sum;
    };
    const auto hint = [&](const std::string& name) {
        return check_gradients({{name, w, g, {3}}}, loss).tensors[0].hint;
    };
    CHECK(hint("encoder.0.W") == "encoder.0: dW fits \"2 times what it should be\"");
    CHECK(hint(".W") == "dW fits \"2 times what it should be\"");
    CHECK(hint("W") == "dW fits \"2 times what it should be\"");
}

TEST_SUITE_END();

}  // namespace hourglass
