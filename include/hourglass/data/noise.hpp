#pragma once

#include <string_view>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/random.hpp"

namespace hourglass {

/// A way to distort images of pixels +1 and -1.
struct Noise {
    enum class Kind {
        /// Each pixel changes its sign with probability `level`, independently: a binary symmetric
        /// channel. At 0.5 nothing of the image is left.
        flip,
        /// Each pixel is replaced with probability `level`, by +1 (salt) or -1 (pepper), equally likely.
        /// Half of the replacements change nothing: salt and pepper of p is flip of p / 2.
        salt_and_pepper,
        /// Each pixel gets a normal number of standard deviation `level` added. The paper and the ink
        /// are 2 apart.
        gaussian,
    };

    Kind kind = Kind::flip;
    double level = 0;
};

/// noisy = clean with the noise drawn afresh for every pixel from `rng`.
/// @param clean  images (n, d), pixels +1 and -1   @param noisy  (n, d); may be the same as clean
void add_noise(Matrix& noisy, const Matrix& clean, const Noise& noise, Rng& rng);

/// Every value below `low` becomes low, above `high` high: pixels that noise has moved out of their range.
void clip(Matrix& X, Scalar low, Scalar high);

/// The classical denoiser: each pixel becomes the median of the 3x3 pixels around it, of those that are inside the
/// image; of an even number, the lower of the two in the middle.
/// @param X  images (n, height * width), row after row
Matrix median_filter(const Matrix& X, std::size_t height, std::size_t width);

/// "flip", "salt_and_pepper" or "gaussian"; the two are each other's inverse.
/// @throws Error  for an unknown name; the message lists those allowed
Noise::Kind noise_from_name(std::string_view name);
std::string_view name_of(Noise::Kind kind);

/// The levels that are usual in training, with clean images among them, and in a test: for each kind those
/// that do the like to a letter.
struct UsualLevels {
    std::vector<double> training, test;
};
UsualLevels usual_levels(Noise::Kind kind);

/// @throws Error  for a level that its kind does not have: a probability outside of [0, 1], or a
///                standard deviation that is negative or not a finite number
void require_level(const Noise& noise);

}  // namespace hourglass
