#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/plot/image_sheet.hpp"

// What a latent unit means, seen from both sides: which images have much of it, and what it does to one.

namespace hourglass {

/// units: a row for each of these units, from the left: the four images whose codes are lowest in it; what the mean code
/// decodes to as this unit alone moves from three of its standard deviations below the mean to three above; the four images
/// whose codes are highest in it.
/// @param codes  of X (n, latent size)   @param X  images (n, d), n >= 8
/// @param units  their numbers, and what the rows are called
void draw_unit_ends(Pictures& pictures, const Autoencoder& model, const Matrix& codes, const Matrix& X,
                    const std::vector<std::pair<std::size_t, std::string>>& units, const PictureShape& shape);

}  // namespace hourglass
