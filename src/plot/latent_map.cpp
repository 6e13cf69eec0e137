#include "hourglass/plot/latent_map.hpp"

#include <sstream>

namespace hourglass {

void draw_latent_map(Pictures& pictures, const std::string& name, const LatentMap& map) {
    // Every cell of the grid is an image with a margin of one pixel, in latent units.
    const std::size_t cell_width = map.shape.width + 1;
    const std::size_t cell_height = map.shape.height + 1;
    const double dx = map.box.width() / static_cast<double>(map.columns * cell_width);
    const double dy = map.box.height() / static_cast<double>(map.rows * cell_height);
    std::ostringstream data;
    data << "# x, y, value of each pixel of the decoded plane\n";
    for (std::size_t y = 0; y < map.rows * cell_height; ++y) {
        for (std::size_t x = 0; x < map.columns * cell_width; ++x) {
            const std::size_t column = x % cell_width;
            const std::size_t row = y % cell_height;
            const std::size_t cell = (y / cell_height) * map.columns + x / cell_width;
            const bool inside = column < map.shape.width && row < map.shape.height;
            data << map.box.x_min + (static_cast<double>(x) + 0.5) * dx << " "
                 << map.box.y_max - (static_cast<double>(y) + 0.5) * dy << " "
                 << (inside ? map.images(cell, row * map.shape.width + column) : Scalar{-1})
                 << "\n";
        }
    }
    data << "\n\n# x, y, name of each sample\n";
    for (std::size_t i = 0; i < map.codes.rows(); ++i) {
        data << map.codes(i, 0) << " " << map.codes(i, 1) << " "
             << gnuplot_data_string(map.labels[i]) << "\n";
    }
    std::ostringstream commands;
    commands << "set title " << gnuplot_string(map.title) << " font ',14'\n"
             << (map.shape.ink_on_paper ? "set palette defined (-1 '#ffffff', 1 '#c3d6ea')\n"
                                        : "set palette gray\n")
             << "set cbrange [-1:1]\n"
             << "unset colorbox\nset key off\nset tics out nomirror\n"
             << "set format x '%g'\nset format y '%g'\n"
             << "set xlabel 'first component of the code'\n"
             << "set ylabel 'second component of the code'\n"
             << "set xrange [" << map.box.x_min << ":" << map.box.x_max << "]\n"
             << "set yrange [" << map.box.y_min << ":" << map.box.y_max << "]\n"
             << "set style textbox opaque fillcolor rgb '#ffffff' noborder margins 0.6,0.4\n"
             << "plot DATA index 0 using 1:2:3 with image, \\\n"
             << "     DATA index 1 using 1:2 with points pt 7 ps 1.1 lc rgb '#B03000', \\\n"
             << "     DATA index 1 using 1:2:3 with labels boxed left offset 0.7,0.5 font "
             << "'DejaVu Sans Mono Bold," << (map.shape.ink_on_paper ? 18 : 13)
             << "' tc rgb '#B03000'\n";
    pictures.draw(name, 1080, 1040, data.str(), commands.str());
}

}  // namespace hourglass
