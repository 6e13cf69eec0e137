#pragma once

#include <string>
#include <vector>

#include "hourglass/analysis/pca.hpp"
#include "hourglass/data/idx.hpp"

// What a net has to beat on images that it was not trained on.

namespace hourglass {

/// Something simple, and what error of the test images it leaves.
struct Baseline {
    std::string key, name;  // in results.json, in the report
    double error = 0;
};

/// Mean squared errors: of principal components of the training images, and of the mean of these.
std::vector<Baseline> reconstruction_baselines(const TrainAndTest& sets, const Pca& pca);

/// Mean squared errors of noisy test images (n, d): as they are, and with each pixel the median of those around it.
std::vector<Baseline> denoising_baselines(const LabelledImages& test, const Matrix& noisy);

/// -ln p of a test image, in nats, where the mean training image says how probably a pixel is white. The prior counts
/// one white and one black pixel more, so that no probability is 0.
///   -sum_j x_j ln p_j + (1 - x_j) ln (1 - p_j)
/// Then the same with a mean image for each class, and ln 10 nats to say which class it is.
std::vector<Baseline> density_baselines(const TrainAndTest& sets);

}  // namespace hourglass
