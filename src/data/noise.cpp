#include "hourglass/data/noise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "hourglass/core/error.hpp"
#include "hourglass/core/names.hpp"
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

void clip(Matrix& X, Scalar low, Scalar high) {
    for (Scalar& x : X.flat()) {
        x = std::clamp(x, low, high);
    }
}

namespace {

/// The median of the pixels around pixel (r, c) of an image.
Scalar median_around(std::span<const Scalar> image, std::size_t height, std::size_t width,
                     std::size_t r, std::size_t c) {
    std::array<Scalar, 9> around{};
    std::size_t count = 0;
    for (std::size_t i = r == 0 ? 0 : r - 1; i < std::min(r + 2, height); ++i) {
        for (std::size_t j = c == 0 ? 0 : c - 1; j < std::min(c + 2, width); ++j) {
            around[count++] = image[i * width + j];
        }
    }
    const auto middle = around.begin() + static_cast<std::ptrdiff_t>((count - 1) / 2);
    std::nth_element(around.begin(), middle, around.begin() + static_cast<std::ptrdiff_t>(count));
    return *middle;
}

}  // namespace

Matrix median_filter(const Matrix& X, std::size_t height, std::size_t width) {
    assert(X.cols() == height * width);
    Matrix result(X.rows(), X.cols());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t r = 0; r < height; ++r) {
            for (std::size_t c = 0; c < width; ++c) {
                result(i, r * width + c) = median_around(X.row(i), height, width, r, c);
            }
        }
    }
    return result;
}

Noise::Kind noise_from_name(std::string_view name) {
    using Kind = Noise::Kind;
    return value_from_name("noise", name, {Kind::flip, Kind::salt_and_pepper, Kind::gaussian});
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
