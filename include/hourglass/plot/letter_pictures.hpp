#pragma once

#include <string>
#include <vector>

#include "hourglass/analysis/denoising.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/data/font.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/pictures.hpp"

// What there is to see of letters that a net reconstructs, or cleans of noise.

namespace hourglass {

/// All wrong pixels after each epoch, and the first one after which no letter had two.
/// @param pixels  [e] after epoch e, [0] before the first
StackedChart wrong_pixels_chart(const std::vector<PixelErrors>& pixels);

/// losses_saturation: wrong pixels over the epochs, above those of them that are saturated; a curve for each loss.
void draw_saturation(Pictures& pictures, int seeds, const std::vector<Curve>& wrong,
                     const std::vector<Curve>& saturated);

/// reconstruction: the letters of a font above what became of them (n, d), the wrong pixels outlined.
void draw_reconstructed_letters(Pictures& pictures, const Font& font, const Matrix& Y);

/// denoised: up to 16 letters, with noise of each test level, and what the network makes of that.
/// @param rng  of the noise
void draw_denoised_letters(Pictures& pictures, const Font& font, const DenoiserTest& test,
                           const Autoencoder& model, Rng rng);

/// NAME: letters recovered exactly over the noise tested at, a line for each of these methods.
void draw_recovery(Pictures& pictures, const std::string& name, const std::string& title,
                   const DenoiserTest& test, const std::vector<Method>& methods);

/// neighbours: how often each pair of letters is confused, over the distances of their codes and in pixels.
/// @param latent_note, hamming_note  a line above each of the two
void draw_confused_pairs(Pictures& pictures, const std::string& title, const PairTable& pairs,
                         const std::string& latent_note, const std::string& hamming_note);

}  // namespace hourglass
