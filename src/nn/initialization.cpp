#include "hourglass/nn/initialization.hpp"

#include <algorithm>
#include <cmath>

#include "hourglass/core/names.hpp"

namespace hourglass {
namespace {

void fill_normal(std::span<Scalar> values, double standard_deviation, Rng& rng) {
    std::ranges::generate(
        values, [&] { return static_cast<Scalar>(standard_deviation * rng.normal()); });
}

void fill_uniform(std::span<Scalar> values, double radius, Rng& rng) {
    std::ranges::generate(values,
                          [&] { return static_cast<Scalar>(rng.uniform(-radius, radius)); });
}

}  // namespace

void initialize_parameters(std::span<Scalar> W, std::span<Scalar> b, const Fans& fans,
                           Initialization initialization, Rng& rng) {
    const double fan_in = static_cast<double>(fans.fan_in);
    const double fan_out = static_cast<double>(fans.fan_out);
    std::ranges::fill(b, Scalar{0});
    switch (initialization) {
        case Initialization::layer_scaled:
            fill_normal(W, 1 / std::sqrt(fan_in + 1), rng);
            fill_normal(b, 1 / std::sqrt(fan_in + 1), rng);
            break;
        case Initialization::xavier:
            fill_uniform(W, std::sqrt(6 / (fan_in + fan_out)), rng);
            break;
        case Initialization::he: fill_normal(W, std::sqrt(2 / fan_in), rng); break;
    }
}

Initialization initialization_from_name(std::string_view name) {
    return value_from_name("initialization", name,
                           {Initialization::layer_scaled, Initialization::xavier, Initialization::he});
}

std::string_view name_of(Initialization initialization) {
    switch (initialization) {
        case Initialization::layer_scaled: return "layer_scaled";
        case Initialization::xavier: return "xavier";
        case Initialization::he: return "he";
    }
    return "";
}

}  // namespace hourglass
