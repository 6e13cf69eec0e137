#include "hourglass/plot/latent_map.hpp"

#include <sstream>

#include "decoded_plane.hpp"
#include "map_labels.hpp"
#include "script.hpp"

namespace hourglass {

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
             << "     DATA index 3 using 1:2:3:4 with vectors nohead lw 1.5 lc rgb '#B03000', \\\n"
             << "     DATA index 1 using 1:2 with points pt 7 ps 1.1 lc rgb '#B03000', \\\n"
             << "     DATA index 2 using 1:2:3 with labels boxed center font "
             << "'DejaVu Sans Mono Bold," << (few ? 18 : 13) << "' tc rgb '#B03000'\n";
    pictures.draw(name, width, height, data.str(), commands.str());
}

}  // namespace hourglass
