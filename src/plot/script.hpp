#pragma once

#include <string>

#include "hourglass/plot/pictures.hpp"

// Parts of gnuplot scripts that several charts share. In src/plot alone.

namespace hourglass {

/// A gnuplot string of one line, or of two.
inline std::string two_lines(const std::string& first, const std::string& second) {
    return gnuplot_string(first) + (second.empty() ? "" : " . \"\\n\" . " + gnuplot_string(second));
}

}  // namespace hourglass
