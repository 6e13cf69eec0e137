#pragma once

#include <string>
#include <vector>

#include "hourglass/analysis/attractors.hpp"
#include "hourglass/core/matrix.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// The latent plane coloured by the sample that owns each point, each sample's name at its code, and
/// beside it the largest and the smallest shares.
/// @param codes  (n, >= 2)   @param labels  (n)
void draw_attractor_map(Pictures& pictures, const std::string& name, const std::string& title,
                        const AttractorMap& map, const Matrix& codes,
                        const std::vector<std::string>& labels);

}  // namespace hourglass
