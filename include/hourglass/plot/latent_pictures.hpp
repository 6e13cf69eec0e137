#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/analysis/attractors.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/pictures.hpp"

// What an autoencoder has made of its latent space, as pictures.

namespace hourglass {

/// A sample for an image sheet.
Vector to_vector(std::span<const Scalar> values);

/// Two samples to walk between, as their positions.
using Transition = std::pair<std::size_t, std::size_t>;

/// The images decoded along the line between the codes of every two samples; none, where there are no two.
/// @param X        samples (n, d)   @param names  (n)
/// @param sheet    its shape, title and note
/// @param caption  what is said below an image
void draw_transitions(Pictures& pictures, const std::string& name, const Autoencoder& model,
                      const Matrix& X, const std::vector<std::string>& names,
                      const std::vector<Transition>& transitions, std::size_t steps,
                      ImageSheet sheet,
                      const std::function<std::string(std::span<const Scalar>)>& caption);

/// latent: a plane of codes as images, with each sample at its code.
/// attractors: which sample owns which part of that plane.
/// @param X  samples (n, d)   @param names  (n)
/// @pre  model.latent_size() == 2
void draw_latent_plane(Pictures& pictures, const Autoencoder& model, const Matrix& X,
                       const std::vector<std::string>& names, const ImageShape& shape,
                       const AttractorMap& attractors);

}  // namespace hourglass
