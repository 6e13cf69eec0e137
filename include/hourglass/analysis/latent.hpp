#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

/// A rectangle of a two-dimensional latent space, in latent units.
struct LatentBox {
    double x_min = 0, x_max = 0, y_min = 0, y_max = 0;

    double width() const { return x_max - x_min; }
    double height() const { return y_max - y_min; }
};

/// The smallest rectangle around the first two components of all codes (n, >= 2), widened on every
/// side by `margin` times its extent.
LatentBox bounding_box(const Matrix& codes, double margin = 0.1);

/// The centres of `columns` x `rows` equal cells of the box, row after row from its top left corner,
/// as codes: (columns * rows, 2).
Matrix grid_codes(const LatentBox& box, std::size_t columns, std::size_t rows);

/// The same in the plane through a code of two or more components: all but the first two are its own.
Matrix grid_codes(const LatentBox& box, std::size_t columns, std::size_t rows,
                  std::span<const Scalar> through);

/// How many points a side a grid may have, at most `wanted`, so that decoding it takes seconds: fewer for a
/// network with a very wide layer.
std::size_t affordable_fineness(const Autoencoder& model, std::size_t wanted);

/// As network.apply(first, last, X), a few samples at a time: the memory between the layers does not grow with how
/// many there are, which a fine grid and a wide layer would make gigabytes.
Matrix apply_in_blocks(const Network& network, std::size_t first, std::size_t last, const Matrix& X);

/// As model.encode(X) and model.decode(codes), in such blocks.
Matrix encode_in_blocks(const Autoencoder& model, const Matrix& X);
Matrix decode_in_blocks(const Autoencoder& model, const Matrix& codes);

/// `steps` codes (steps, latent size) at equal distances on the line from one code to another, both
/// ends included. @pre  steps >= 2
Matrix line_codes(std::span<const Scalar> from, std::span<const Scalar> to, std::size_t steps);

/// The training sample that an image is most like.
struct Nearest {
    std::size_t sample = 0;    // a row of the training set; the first of those equally near
    std::size_t distance = 0;  // in pixels: those on the other side of zero
};
Nearest nearest_sample(std::span<const Scalar> image, const Matrix& X);

/// An image that the decoder makes of a point of the latent space, such as one that is no training sample.
struct NewSample {
    std::vector<Scalar> code;    // (latent size)
    Vector image;                // (d), as decoded
    Nearest nearest;             // the training sample it is most like
    double latent_distance = 0;  // from that sample's code, in latent units
};

/// What the decoder makes of codes (m, latent size), next to the samples X.
std::vector<NewSample> decoded_samples(const Autoencoder& model, const Matrix& X, const Matrix& codes);

/// The most novel images over the box around the codes of X: of a fine grid of points, those whose
/// decoded image is crisp (mean |y| of at least `crispness`), in the order of their distance from the
/// nearest sample, each at least `apart` pixels from those chosen before. At most `count`; fewer, or
/// none, where the plane has no more.
std::vector<NewSample> new_samples(const Autoencoder& model, const Matrix& X, std::size_t count,
                                   double crispness = 0.97, std::size_t apart = 3);

}  // namespace hourglass
