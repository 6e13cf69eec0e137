#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/options.hpp"
#include "hourglass/analysis/denoising.hpp"

namespace hourglass::denoising {

struct Options : TrainingOptions {
    Font font;
    DenoiserTest test;                 // its kind of noise is also that of the training
    std::vector<double> train_levels;  // of the noise in training
    int sets = 64;                     // copies of the font an epoch, for each level
    bool fresh = true;                 // new noise each epoch, not the same one again and again

    /// Is the latent space a plane? Codes of softmax lie on a simplex.
    bool is_planar() const {
        return widths.back() == 2 && is_elementwise(activations.latent);
    }

    /// "p = 0.2" or "sigma = 0.8"
    std::string level_label(double level) const;

    /// The position of the test level at which confusions are shown: the one nearest to 0.2.
    std::size_t confusion_level() const;
};

/// @returns nothing if it was --help
/// @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

}  // namespace hourglass::denoising
