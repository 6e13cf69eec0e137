#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/options.hpp"
#include "hourglass/data/image_folder.hpp"

namespace hourglass::flowers {

constexpr std::size_t side = 32;  // of an image, in pixels

struct Options : TrainingOptions {
    ImageSet images;
    std::vector<Transition> transitions;
    std::size_t flower = 0;  // whose other components the walk through the first two keeps

    /// "3: daffodil", the position counted from 1 and the name without its ending.
    std::string label(std::size_t image) const;
};

/// @returns nothing if it was --help
/// @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

}  // namespace hourglass::flowers
