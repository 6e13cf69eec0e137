#pragma once

#include <cstddef>
#include <vector>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/core/matrix.hpp"
#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

/// Which training sample owns how much of the latent plane. A point belongs to the sample that its
/// decoded image would be taken for: see taken_for in confusion.hpp.
struct AttractorMap {
    LatentBox box;            // of the codes, widened by the margin
    std::size_t columns = 0;  // of the grid of points
    std::size_t rows = 0;
    std::vector<std::size_t> owner;  // (columns * rows), from the top left: a training sample
    std::vector<double> share;       // (n) of the box's area; their sum is 1
};

/// @param X  training samples (n, in)
/// @param margin  of the box on every side, as a share of its extent: see bounding_box
/// @param fineness  points along each side; fewer if a network is so wide that they would take long
/// @pre  model.latent_size() == 2
AttractorMap map_attractors(const Autoencoder& model, const Matrix& X, double margin = 0.1,
                            std::size_t fineness = 200);

}  // namespace hourglass
