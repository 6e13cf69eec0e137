#include "hourglass/plot/animation.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <sstream>

#include "decoded_plane.hpp"
#include "hourglass/core/text.hpp"
#include "map_labels.hpp"
#include "script.hpp"

namespace hourglass {

LatentBox bounding_box(const std::vector<AnimationFrame>& frames, double margin) {
    Matrix corners(2 * frames.size(), 2);
    for (std::size_t f = 0; f < frames.size(); ++f) {
        const LatentBox box = bounding_box(frames[f].codes, 0);
        corners(2 * f, 0) = static_cast<Scalar>(box.x_min);
        corners(2 * f, 1) = static_cast<Scalar>(box.y_min);
        corners(2 * f + 1, 0) = static_cast<Scalar>(box.x_max);
        corners(2 * f + 1, 1) = static_cast<Scalar>(box.y_max);
    }
    return bounding_box(corners, margin);
}

void draw_animation(Pictures& pictures, const std::string& name, const Animation& animation) {
    assert(!animation.frames.empty());
    constexpr int width = 640, height = 640;
    const LatentBox box =
        animation.box.width() > 0 ? animation.box : bounding_box(animation.frames);
    const DecodedPlane plane{animation.shape, animation.columns, animation.rows};
    std::ostringstream data, commands;
    data.precision(9);
    commands << "set palette maxcolors 6 defined (-1 '#ffffff', 1 '#8fb3d9')\nset cbrange [-1:1]\n"
             << "unset colorbox\nset key off\n"
             << "set lmargin at screen 0.12\nset rmargin at screen 0.97\n"
             << "set bmargin at screen 0.11\nset tmargin at screen 0.91\n"
             << plane_axes(box)
             << "set style textbox opaque fillcolor rgb '#ffffff' noborder margins 0.2,0.2\n";
    std::size_t block = 0;  // planes come first: gnuplot reads a matrix only from among such
    for (const AnimationFrame& frame : animation.frames) {
        if (!frame.images.empty()) {
            data << plane.block(frame.images);
            ++block;
        }
    }
    std::size_t planes = 0;
    std::string last;
    for (const AnimationFrame& frame : animation.frames) {
        const MapLabels labels =
            place_labels(box, frame.codes, animation.labels, {0.85 * width, 0.8 * height, 10, 18});
        data << "# " << one_line(frame.caption) << ": x, y, name\n";
        for (std::size_t i = 0; i < frame.codes.rows(); ++i) {
            data << frame.codes(i, 0) << " " << frame.codes(i, 1) << " "
                 << gnuplot_data_string(animation.labels[i]) << "\n";
        }
        data << "\n\n" << labels.data << "\n\n";
        const std::string note = labels.note(animation.labels.size());
        last = "set title " +
               two_lines(animation.title, frame.caption + (note.empty() ? "" : "; " + note)) +
               "\nplot ";
        if (!frame.images.empty()) {
            last += plane.plot(box, planes++) + ", \\\n     ";
        }
        last += "DATA index " + std::to_string(block) +
                " using 1:2 with points pt 7 ps 0.6 lc rgb '#B03000', \\\n     DATA index " +
                std::to_string(block + 2) +
                " using 1:2:3:4 with vectors nohead lc rgb '#B03000', \\\n     DATA index " +
                std::to_string(block + 1) +
                " using 1:2:3 with labels boxed center font 'DejaVu Sans:Bold,12' "
                "tc rgb '#B03000'\n";
        block += 3;
        commands << last;
    }
    const double frames = static_cast<double>(animation.frames.size());
    const double delay = std::max(2.0, 100 * animation.seconds / frames);
    commands << "do for [k=1:" << std::lround(std::max(1.0, 150 / delay))
             << "] {  # the last one stays\n"
             << last << "}\n";
    pictures.draw_gif(name, width, height, static_cast<int>(std::lround(delay)), data.str(),
                      commands.str());
}

bool is_animation_frame(int epoch, int epochs) {
    const auto frame = [epochs](int e) { return static_cast<int>(50 * std::sqrt(1.0 * e / epochs)); };
    return epoch == epochs || frame(epoch) != frame(epoch - 1);
}

}  // namespace hourglass
