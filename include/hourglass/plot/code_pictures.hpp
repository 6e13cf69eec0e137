#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/latent_pictures.hpp"

// What the codes of many images have in them, as pictures.

namespace hourglass {

/// units: what each unit of the code adds to an image, the difference that the decoder makes where the unit is two standard
/// deviations above its mean and all others are at theirs. The 64 that vary most.
/// @param codes  (n, latent size)
void draw_code_units(Pictures& pictures, const Autoencoder& model, const Matrix& codes, const PictureShape& shape);

/// plane: the images of quantile_plane.   samples: those of 100 codes drawn from the prior.
/// @param codes  (n, latent size)
void draw_prior(Pictures& pictures, const Autoencoder& model, const Matrix& codes, const PictureShape& shape,
                std::uint64_t seed);

/// transitions: the decoded images along the line between two codes, and at its ends the images themselves.
/// @param X  images (n, d)
void draw_code_lines(Pictures& pictures, const Autoencoder& model, const Matrix& X,
                     const std::vector<Transition>& transitions, const PictureShape& shape);

/// codes: the plane of codes (n, 2), a colour for each class.
void draw_codes_by_class(Pictures& pictures, const Matrix& codes, const std::vector<std::size_t>& labels,
                         const std::vector<std::string>& classes);

}  // namespace hourglass
