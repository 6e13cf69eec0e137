#pragma once

#include <string>
#include <vector>

#include "hourglass/analysis/variational.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/pictures.hpp"

// What a variational autoencoder has learned, as pictures.

namespace hourglass {

/// The loss of each epoch and its two parts, smoothed, for their values are those of drawn codes.
/// @param loss     reconstruction + beta KL   @param beta_kl  of each epoch
/// @param entropy  of the samples, which is drawn as a line that no -ELBO goes below; 0: no line
void draw_costs(Pictures& pictures, const std::string& title, const std::string& y_label,
                const std::vector<double>& loss, const std::vector<double>& beta_kl, double beta,
                double entropy);

/// A plane of codes as images, with each sample at its code; dashed, one and two standard deviations of what new codes
/// are drawn from; and around each code, if there are any, its own standard deviations.
/// @param codes  (n, 2)   @param sigma  [unit][sample], or nothing   @param names  (n)
/// @param units  the two distributions that new codes are drawn from
/// @pre  model.latent_size() == 2
void draw_distributions(Pictures& pictures, const std::string& name, const std::string& title,
                        const Autoencoder& model, const PictureShape& shape, const Matrix& codes,
                        const std::vector<std::vector<double>>& sigma, const std::vector<std::string>& names,
                        const std::vector<Normal>& units);

}  // namespace hourglass
