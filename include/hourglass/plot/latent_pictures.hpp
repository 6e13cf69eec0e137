#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/analysis/attractors.hpp"
#include "hourglass/analysis/half_way.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/pictures.hpp"

// What an autoencoder has made of its latent space, as pictures.

namespace hourglass {

/// A sample for an image sheet.
Vector to_vector(std::span<const Scalar> values);

/// Two samples to walk between, as their positions.
using Transition = std::pair<std::size_t, std::size_t>;

/// transitions: the images decoded along the line between the codes of every two samples; none, where there
/// are no two.
/// @param X        samples (n, d)   @param names  (n)
/// @param below    what stands below each image, in words: that is what `caption` says of it
void draw_transitions(Pictures& pictures, const Autoencoder& model, const Matrix& X,
                      const std::vector<std::string>& names, const std::vector<Transition>& transitions,
                      std::size_t steps, const PictureShape& shape, const std::string& below,
                      const std::function<std::string(std::span<const Scalar>)>& caption);

/// new_letter: letters that are none of X (n, d), above the one of X that is nearest.
void draw_new_samples(Pictures& pictures, const std::vector<NewSample>& samples, const Matrix& X,
                      const std::vector<std::string>& names, const PictureShape& shape);

/// decoded: what stands at codes of one's own, the same way.
void draw_decoded_samples(Pictures& pictures, const std::vector<NewSample>& samples, const Matrix& X,
                          const std::vector<std::string>& names, const PictureShape& shape);

/// decoded: what the decoder makes of codes (m, latent size), each above its text; nothing for none.
void draw_decoded_codes(Pictures& pictures, const Autoencoder& model, const Matrix& codes,
                        const std::vector<std::string>& texts, const PictureShape& shape);

/// new_flower: images half-way between two of X (n, d), with these and the one of X that is nearest.
void draw_half_way_samples(Pictures& pictures, const std::vector<HalfWaySample>& samples, const Matrix& X,
                           const PictureShape& shape);

/// latent: a plane of codes as images, with each sample at its code.
/// attractors: which sample owns which part of that plane.
/// @param X  samples (n, d)   @param names  (n)
/// @pre  model.latent_size() == 2
void draw_latent_plane(Pictures& pictures, const Autoencoder& model, const Matrix& X,
                       const std::vector<std::string>& names, const PictureShape& shape,
                       const AttractorMap& attractors);

}  // namespace hourglass
