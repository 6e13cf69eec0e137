#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// How many pixels of `image` lie on the other side of zero than those of `target`.
std::size_t wrong_pixels(std::span<const Scalar> image, std::span<const Scalar> target);

/// The same for each row of Y against the row of T.
std::vector<std::size_t> wrong_pixels(const Matrix& Y, const Matrix& T);

/// What is wrong in a whole set of binary images.
struct PixelErrors {
    std::size_t total = 0;        // wrong pixels in all images together
    std::size_t worst = 0;        // ... in the worst image
    std::size_t exact = 0;        // images with none
    std::size_t at_most_one = 0;  // images with at most one
    std::size_t saturated = 0;    // wrong pixels with |y| > saturation
    double mean = 0;              // wrong pixels an image
};

/// A wrong output beyond this has less than 2 % of a gradient left under tanh: 1 - 0.99^2 = 0.0199.
constexpr double saturation = 0.99;

PixelErrors count_pixel_errors(const Matrix& Y, const Matrix& T);

/// The first epoch after which no image had more wrong pixels than `most`.
/// @param history  [e] after epoch e, [0] before the first, which does not count
std::optional<int> first_epoch_within(const std::vector<PixelErrors>& history, std::size_t most);

/// sum_ij (y_ij - t_ij)^2 / (n d)
double mean_squared_difference(const Matrix& Y, const Matrix& T);

/// The mean of all rows of X, in every row: what a net says that has learned nothing else.
Matrix mean_image(const Matrix& X);

/// A number of each: numbers_of(runs, &Run::seconds).
template <typename Things, typename Number>
std::vector<double> numbers_of(const Things& things, const Number& number) {
    std::vector<double> values;
    for (const auto& thing : things) {
        values.push_back(static_cast<double>(std::invoke(number, thing)));
    }
    return values;
}

/// The middle value (the lower of the two middle ones; infinity sorts last); NaN if there is none.
double median(std::vector<double> values);

/// The value below which a share `q` in [0, 1] of the values lies, by the nearest rank.
double quantile(std::vector<double> values, double q);

/// All positions, that of the largest value first; of equal ones, the first.
std::vector<std::size_t> largest_first(const std::vector<double>& values);

}  // namespace hourglass
