#include "hourglass/plot/attractor_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <sstream>

#include "hourglass/core/text.hpp"
#include "map_labels.hpp"
#include "script.hpp"

namespace hourglass {
namespace {

constexpr std::size_t most_colours = 64;  // of areas; more than that repeat them

/// A light colour for each of many areas: hues a golden section of the circle apart, so that the first
/// few differ most, in two strengths by turns, as #rrggbb.
std::string area_colour(std::size_t area) {
    const double hue = std::fmod(static_cast<double>(area) * 0.6180339887498949, 1.0);
    const double depth = area % 2 == 0 ? 0.28 : 0.48;  // of the colour: black is legible on it
    unsigned rgb[3];
    for (int channel = 0; channel < 3; ++channel) {
        const double turn = std::fmod(hue + 1 - channel / 3.0, 1.0);  // from this channel's hue
        const double level = std::clamp(std::abs(turn * 6 - 3) - 1, 0.0, 1.0);
        rgb[channel] = static_cast<unsigned>(std::lround(255 * (1 - depth * (1 - level))));
    }
    char text[8];
    std::snprintf(text, sizeof text, "#%02x%02x%02x", rgb[0] & 255u, rgb[1] & 255u, rgb[2] & 255u);
    return text;
}

/// "12 %", "1.2 %" or "0.05 %"
std::string percent(double share) {
    return to_text(100 * share, share >= 0.1 ? 3 : 2) + " %";
}

/// The edges between points of different owners, as x, y, dx, dy: one line for each that is straight.
std::string area_edges(const AttractorMap& map) {
    const double dx = map.box.width() / static_cast<double>(map.columns);
    const double dy = map.box.height() / static_cast<double>(map.rows);
    const auto owner = [&](std::size_t r, std::size_t c) { return map.owner[r * map.columns + c]; };
    std::ostringstream edges;
    edges.precision(17);
    for (std::size_t r = 0; r < map.rows; ++r) {
        for (std::size_t c = 0; c < map.columns; ++c) {
            const double x = map.box.x_min + static_cast<double>(c) * dx;
            const double y = map.box.y_max - static_cast<double>(r) * dy;
            if (r > 0 && owner(r, c) != owner(r - 1, c)) {
                edges << x << " " << y << " " << dx << " 0\n";
            }
            if (c > 0 && owner(r, c) != owner(r, c - 1)) {
                edges << x << " " << y << " 0 " << -dy << "\n";
            }
        }
    }
    return edges.str();
}

/// The samples with the largest share first; of very many, the first and the last ones.
std::vector<std::size_t> by_share(const std::vector<double>& share) {
    constexpr std::size_t most = 40;
    std::vector<std::size_t> order(share.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order,
                             [&](std::size_t i, std::size_t j) { return share[i] > share[j]; });
    if (order.size() > most) {
        order.erase(order.begin() + most / 2, order.end() - most / 2);
    }
    return order;
}

}  // namespace

void draw_attractor_map(Pictures& pictures, const std::string& name, const std::string& title,
                        const AttractorMap& map, const Matrix& codes,
                        const std::vector<std::string>& labels) {
    constexpr int width = 1180, height = 940;
    const std::size_t n = map.share.size();
    const std::size_t colours = std::clamp<std::size_t>(n, 2, most_colours);
    const MapLabels names =
        place_labels(map.box, codes, labels, {0.68 * width, 0.86 * height, 12, 20});
    std::ostringstream data;
    data.precision(9);
    data << "# the owner of each point, row after row from the top\n";
    for (std::size_t p = 0; p < map.owner.size(); ++p) {
        data << map.owner[p] << ((p + 1) % map.columns == 0 ? "\n" : " ");
    }
    data << "\n\n# edges of the areas: x, y, dx, dy\n-1e300 0 0 0\n" << area_edges(map);
    data << "\n\n# codes: x, y, name\n";
    for (std::size_t i = 0; i < codes.rows(); ++i) {
        data << codes(i, 0) << " " << codes(i, 1) << " " << gnuplot_data_string(labels[i]) << "\n";
    }
    data << "\n\n" << names.data << "\n\n# shares: place, share in percent, sample, name, text\n";
    const std::vector<std::size_t> order = by_share(map.share);
    for (std::size_t place = 0; place < order.size(); ++place) {
        const std::size_t i = order[place];
        data << place << " " << to_text(100 * map.share[i]) << " " << i << " "
             << gnuplot_data_string(labels[i]) << " \"" << percent(map.share[i]) << "\"\n";
    }
    const double largest = 100 * std::ranges::max(map.share);
    const std::string half = std::to_string(order.size() / 2);
    const std::string shown =
        order.size() == n ? "" : "the " + half + " largest and smallest of " + std::to_string(n);
    std::ostringstream commands;
    commands << "set multiplot title " << two_lines(title, names.note(n)) << " font ',14'\n"
             << "set palette maxcolors " << colours << " defined (";
    for (std::size_t i = 0; i < colours; ++i) {
        commands << (i == 0 ? "" : ", ") << i << " '" << area_colour(i) << "'";
    }
    commands << ")\nset cbrange [-0.5:" << colours << "-0.5]\n"
             << "unset colorbox\nset key off\n"
             << "set tmargin at screen 0.94\nset bmargin at screen 0.08\n"
             << "set lmargin at screen 0.08\nset rmargin at screen 0.76\n"
             << plane_axes(map.box)
             << "dx = " << to_exact_text(map.box.width() / static_cast<double>(map.columns)) << "\n"
             << "dy = " << to_exact_text(map.box.height() / static_cast<double>(map.rows)) << "\n"
             << "plot DATA index 0 matrix using (" << to_exact_text(map.box.x_min)
             << " + ($1 + 0.5) * dx):(" << to_exact_text(map.box.y_max)
             << " - ($2 + 0.5) * dy):(int($3) % " << colours << ") with image, \\\n"
             << "     DATA index 1 using 1:2:3:4 with vectors nohead lw 1 lc rgb '#606060', \\\n"
             << "     DATA index 4 using 1:2:3:4 with vectors nohead lw 1 lc rgb 'black', \\\n"
             << "     DATA index 2 using 1:2 with points pt 7 ps 0.6 lc rgb 'black', \\\n"
             << "     DATA index 3 using 1:2:3 with labels center font 'DejaVu Sans Bold,14'\n"
             << "unset xlabel\nunset ylabel\nunset tics\nunset border\n"
             << "set lmargin at screen 0.815\nset rmargin at screen 0.985\n"
             << "set label 1 " << two_lines("share of the plane", shown)
             << " at graph 0.4, graph 1.012 center font ',11' offset 0," << (shown.empty() ? 0 : 1)
             << "\n"
             << "set xrange " << range_text(0, largest * 1.5) << "\n"
             << "set yrange [" << order.size() << "-0.4:-0.6]\n"
             << "plot DATA index 5 using (0):1:(0):2:($1-0.4):($1+0.4):(int($3) % " << colours
             << ") with boxxyerror fs solid 1.0 border rgb '#606060' lc palette, \\\n"
             << "     DATA index 5 using (0):1:4 with labels right offset -0.7,0 font "
             << "'DejaVu Sans Bold,11', \\\n"
             << "     DATA index 5 using 2:1:5 with labels left offset 0.5,0 font ',10'\n"
             << "unset multiplot\n";
    pictures.draw(name, width, height, data.str(), commands.str());
}

}  // namespace hourglass
