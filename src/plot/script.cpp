#include "script.hpp"

#include <algorithm>

namespace hourglass {

std::string two_lines(const std::string& first, const std::string& second) {
    return gnuplot_string(first) + (second.empty() ? "" : " . \"\\n\" . " + gnuplot_string(second));
}

std::string axis_label(const std::string& label, int pixels) {
    const auto fits = static_cast<std::size_t>(pixels / 8);  // a letter takes about 8
    std::size_t space = label.npos;
    for (const char* before : {" ", " (", " + "}) {  // best before a bracket or a sum
        const std::size_t at = label.size() > fits ? label.rfind(before, fits) : label.npos;
        space = at == label.npos ? space : at;
    }
    return space == label.npos ? gnuplot_string(label) : two_lines(label.substr(0, space), label.substr(space + 1));
}

std::string range_text(double low, double high) {
    return "[" + to_exact_text(low) + ":" + to_exact_text(high) + "]";
}

Key key_below(const std::vector<std::string>& names, int width, int height) {
    std::size_t longest = 1;
    for (const std::string& name : names) {
        longest = std::max(longest, name.size());
    }
    const std::size_t entry =
        70 + 8 * longest;  // a line of its colour, and about 8 pixels a letter
    const std::size_t columns =
        std::clamp<std::size_t>(static_cast<std::size_t>(width) / entry, 1, 4);
    const std::size_t rows = (names.size() + columns - 1) / columns;
    const int key_height = static_cast<int>(rows) * 19;
    return {"set bmargin at screen " + to_text((65.0 + key_height) / (height + key_height)) +
                "\nset key at screen 0.5, screen 0.015 center bottom vertical maxrows " +
                std::to_string(rows) + " Left reverse samplen 2 font ',11'\n",
            key_height};
}

}  // namespace hourglass
