#include "hourglass/plot/latent_map.hpp"

#include <sstream>

#include "decoded_plane.hpp"
#include "hourglass/io/formatting.hpp"
#include "map_labels.hpp"
#include "script.hpp"

namespace hourglass {
namespace {

/// Centre and diameters, as gnuplot draws an ellipse.
std::string block(const std::string& name, const std::vector<MapEllipse>& ellipses) {
    std::string rows = "# " + name + ": x, y, width, height\n";
    for (const MapEllipse& e : ellipses) {
        rows += text("%.9g %.9g %.9g %.9g\n", e.x, e.y, 2 * e.x_radius, 2 * e.y_radius);
    }
    return rows;
}

std::string outlines(int index, const std::string& style) {
    return "     DATA index " + std::to_string(index) + " using 1:2:3:4 with ellipses units xy fs empty border " +
           style + ", \\\n";
}

}  // namespace

void draw_latent_map(Pictures& pictures, const std::string& name, const LatentMap& map) {
    constexpr int width = 1080, height = 1040;
    const bool few = map.shape.ink_on_paper && map.labels.size() <= 64;
    const MapRoom room = few ? MapRoom{0.87 * width, 0.86 * height, 15, 26}
                             : MapRoom{0.87 * width, 0.86 * height, 11, 20};
    const MapLabels labels = place_labels(map.box, map.codes, map.labels, room);
    const DecodedPlane plane{map.shape, map.columns, map.rows};
    std::ostringstream data;
    data.precision(9);
    data << plane.block(map.images) << "# codes: x, y, name\n";
    for (std::size_t i = 0; i < map.codes.rows(); ++i) {
        data << map.codes(i, 0) << " " << map.codes(i, 1) << " "
             << gnuplot_data_string(map.labels[i]) << "\n";
    }
    data << "\n\n" << labels.data;
    if (!map.contours.empty()) {
        data << "\n\n" << block("contours", map.contours) << "\n\n" << block("ellipses", map.ellipses);
    }
    std::ostringstream commands;
    commands << "set title " << two_lines(map.title, labels.note(map.labels.size()))
             << " font ',14'\n"
             << (map.shape.ink_on_paper ? "set palette defined (-1 '#ffffff', 1 '#c3d6ea')\n"
                                        : "set palette gray\n")
             << "set cbrange [-1:1]\nunset colorbox\nset key off\n"
             << "set lmargin at screen 0.1\nset rmargin at screen 0.97\n"
             << "set bmargin at screen 0.07\nset tmargin at screen 0.93\n"
             << plane_axes(map.box)
             << "set style textbox opaque fillcolor rgb '#ffffff' noborder margins 0.2,0.2\n"
             << "plot " << plane.plot(map.box, 0) << ", \\\n"
             << (map.contours.empty() ? "" : outlines(4, "lw 1.5 dt 2 lc rgb '#303030'"))
             << (map.ellipses.empty() ? "" : outlines(5, "lw 1.2 lc rgb '#B03000'"))
             << "     DATA index 3 using 1:2:3:4 with vectors nohead lw 1.5 lc rgb '#B03000', \\\n"
             << "     DATA index 1 using 1:2 with points pt 7 ps 1.1 lc rgb '#B03000', \\\n"
             << "     DATA index 2 using 1:2:3 with labels boxed center font "
             << "'DejaVu Sans Mono Bold," << (few ? 18 : 13) << "' tc rgb '#B03000'\n";
    pictures.draw(name, width, height, data.str(), commands.str());
}

}  // namespace hourglass
