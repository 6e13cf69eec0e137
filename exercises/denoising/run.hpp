#pragma once

#include <iosfwd>
#include <vector>

#include "common/run.hpp"
#include "common/training.hpp"
#include "denoising/options.hpp"

namespace hourglass::denoising {

struct Run : Trained {
    std::vector<std::vector<double>> level_errors = {};  // on draws apart: [epoch][training level]
};

/// Trains on the letters X (n, 35), distorted at `levels`, with the clean letters as targets.
Run train(const Options& options, const Matrix& X, const std::vector<double>& levels);

/// Recovery against the size of the latent layer.
Outcome run_study(const Options& options, std::ostream& output);

}  // namespace hourglass::denoising
