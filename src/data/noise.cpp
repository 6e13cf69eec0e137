#include "hourglass/data/noise.hpp"

#include <cmath>
#include <string>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

Scalar distort(Scalar pixel, const Noise& noise, Rng& rng) {
    switch (noise.kind) {
        case Noise::Kind::flip:
            return rng.uniform() < noise.level ? -pixel : pixel;
        case Noise::Kind::salt_and_pepper: {
            const double draw = rng.uniform();  // below level / 2 pepper, from there to level salt
            return draw < noise.level / 2 ? Scalar{-1} : draw < noise.level ? Scalar{1} : pixel;
        }
        case Noise::Kind::gaussian:
            return pixel + static_cast<Scalar>(noise.level * rng.normal());
    }
    return pixel;
}

}  // namespace

void add_noise(Matrix& noisy, const Matrix& clean, const Noise& noise, Rng& rng) {
    noisy.resize(clean.rows(), clean.cols());
    const auto from = clean.flat();
    const auto to = noisy.flat();
    for (std::size_t i = 0; i < from.size(); ++i) {
        to[i] = distort(from[i], noise, rng);
    }
}

Noise::Kind noise_from_name(std::string_view name) {
    for (const auto kind :
         {Noise::Kind::flip, Noise::Kind::salt_and_pepper, Noise::Kind::gaussian}) {
        if (name == name_of(kind)) {
            return kind;
        }
    }
    throw Error("unknown noise '" + std::string(name) +
                "': expected flip, salt_and_pepper or gaussian");
}

std::string_view name_of(Noise::Kind kind) {
    switch (kind) {
        case Noise::Kind::flip:
            return "flip";
        case Noise::Kind::salt_and_pepper:
            return "salt_and_pepper";
        case Noise::Kind::gaussian:
            return "gaussian";
    }
    return "";
}

UsualLevels usual_levels(Noise::Kind kind) {
    switch (kind) {
        case Noise::Kind::flip:
            return {{0, 0.05, 0.1, 0.15, 0.2}, {0.05, 0.1, 0.15, 0.2, 0.3}};
        case Noise::Kind::salt_and_pepper:
            return {{0, 0.1, 0.2, 0.3, 0.4}, {0.1, 0.2, 0.3, 0.4, 0.6}};
        case Noise::Kind::gaussian:
            return {{0, 0.6, 0.8, 1, 1.2}, {0.6, 0.8, 1, 1.2, 1.6}};
    }
    return {};
}

void require_level(const Noise& noise) {
    const bool is_probability = noise.kind != Noise::Kind::gaussian;
    if (!(noise.level >= 0) || !std::isfinite(noise.level) || (is_probability && noise.level > 1)) {
        throw Error(
            "noise level of " + std::string(name_of(noise.kind)) + ": expected " +
            (is_probability ? "a probability in [0, 1]" : "a standard deviation of at least 0") +
            ", got " + to_text(noise.level));
    }
}

}  // namespace hourglass
