#pragma once

#include <string>
#include <vector>

#include "hourglass/core/text.hpp"
#include "hourglass/plot/pictures.hpp"

// Parts of gnuplot scripts that several charts share. In src/plot alone.

namespace hourglass {

/// A gnuplot string of one line, or of two.
std::string two_lines(const std::string& first, const std::string& second);

/// A gnuplot string for beside an axis of so many screen pixels: of two lines if it is longer than that.
std::string axis_label(const std::string& label, int pixels);

/// "[0.1:0.25]". With every digit: with six, a narrow range far from zero would be empty.
std::string range_text(double low, double high);

/// Commands for a key below the chart, where long names cost none of its width.
struct Key {
    std::string commands;
    int height = 0;  // screen pixels that it needs
};
/// @param width   of the picture, in screen pixels
/// @param height  of it without the key
Key key_below(const std::vector<std::string>& names, int width, int height);

}  // namespace hourglass
