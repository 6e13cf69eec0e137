#include "hourglass/nn/initialization.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "hourglass/core/error.hpp"

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

void initialize(Dense& dense, Initialization initialization, Rng& rng) {
    const double fan_in = static_cast<double>(dense.in());
    const double fan_out = static_cast<double>(dense.out());
    std::ranges::fill(dense.b, Scalar{0});
    switch (initialization) {
        case Initialization::layer_scaled:
            fill_normal(dense.W.flat(), 1 / std::sqrt(fan_in + 1), rng);
            fill_normal(dense.b, 1 / std::sqrt(fan_in + 1), rng);
            break;
        case Initialization::xavier:
            fill_uniform(dense.W.flat(), std::sqrt(6 / (fan_in + fan_out)), rng);
            break;
        case Initialization::he: fill_normal(dense.W.flat(), std::sqrt(2 / fan_in), rng); break;
    }
}

void initialize(Network& network, Initialization initialization, Rng& rng) {
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        initialize(network.layer(l).dense, initialization, rng);
    }
}

Initialization initialization_from_name(std::string_view name) {
    for (const Initialization known :
         {Initialization::layer_scaled, Initialization::xavier, Initialization::he}) {
        if (name == name_of(known)) {
            return known;
        }
    }
    throw Error("unknown initialization '" + std::string(name) +
                "': expected layer_scaled, xavier or he");
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
