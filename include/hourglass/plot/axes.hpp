#pragma once

#include <string>

#include "hourglass/data/noise.hpp"
#include "hourglass/nn/loss.hpp"

// What the axes of all charts are called, each with its unit: a quantity has one name everywhere.

namespace hourglass {

namespace axis {
inline constexpr const char* epoch = "epoch";
inline constexpr const char* first_latent = "first latent component (latent units)";
inline constexpr const char* second_latent = "second latent component (latent units)";
inline constexpr const char* wrong_pixels = "wrong pixels in all letters";
inline constexpr const char* recovered = "letters recovered exactly (%)";
inline constexpr const char* confusion_rate = "rate of confusion";
inline constexpr const char* code_distance = "distance of the codes (latent units)";
inline constexpr const char* letter_distance = "distance of the letters (pixels)";
inline constexpr const char* latent_size = "latent units";
inline constexpr const char* squared_error = "mean squared error (of pixels in [-1, 1])";
inline constexpr const char* squared_difference =
    "mean squared difference from the nearest image (of pixels in [-1, 1])";
inline constexpr const char* absolute_error = "mean absolute error (of pixels in [-1, 1])";
}  // namespace axis

/// What a loss is called on an axis, and its unit.
/// @param sample    what one sample is, such as "letter"
/// @param zero_one  are pixels in [0, 1], and not in [-1, 1]?
std::string error_label(Loss loss, const std::string& sample, bool zero_one = false);

/// What the level of a kind of noise is called on an axis.
std::string noise_label(Noise::Kind noise);

/// "p = 0.2" or "sigma = 0.8": a level of it.
std::string level_label(Noise::Kind noise, double level);

}  // namespace hourglass
