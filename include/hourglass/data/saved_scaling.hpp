#pragma once

#include <string>
#include <vector>

#include "hourglass/data/scaling.hpp"

namespace hourglass {

/// What a model has to keep besides its weights, so that new rows come to it as those that it was trained on did.
struct SavedScaling {
    Scaling scaling;
    std::vector<std::string> columns;    // what they were called
    std::size_t side = 0, channels = 0;  // of images, to which new ones are scaled
    double limit = 0;                    // the reconstruction error that 99 of 100 rows were below
};

}  // namespace hourglass
