#include "hourglass/plot/animation.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <sstream>

#include "hourglass/core/text.hpp"
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

namespace {

/// The decoded plane of a frame as rows of values from the top, each image with a margin of one pixel.
std::string plane_block(const Animation& animation, const Matrix& images) {
    const ImageShape& shape = animation.shape;
    const std::size_t cell_width = shape.width + 1;
    const std::size_t cell_height = shape.height + 1;
    std::string block;
    for (std::size_t y = 0; y < animation.rows * cell_height; ++y) {
        for (std::size_t x = 0; x < animation.columns * cell_width; ++x) {
            const std::size_t cell = (y / cell_height) * animation.columns + x / cell_width;
            const std::size_t column = x % cell_width;
            const std::size_t row = y % cell_height;
            const bool inside = column < shape.width && row < shape.height;
            const double value =
                inside ? static_cast<double>(images(cell, row * shape.width + column)) : -1;
            block += (x == 0 ? "" : " ") + to_text(value, 2);
        }
        block += "\n";
    }
    return block;
}

/// The plot command of a frame, whose decoded plane, if it has one, and codes are these blocks of the data.
std::string frame_plot(const Animation& animation, const AnimationFrame& frame,
                       const LatentBox& box, std::size_t plane, std::size_t codes) {
    std::ostringstream plot;
    plot << "set title " << two_lines(animation.title, frame.caption) << "\nplot ";
    if (!frame.images.empty()) {
        const std::size_t across = animation.columns * (animation.shape.width + 1);
        const std::size_t down = animation.rows * (animation.shape.height + 1);
        const double dx = box.width() / static_cast<double>(across);
        const double dy = box.height() / static_cast<double>(down);
        plot << "DATA index " << plane << " matrix using (" << box.x_min << " + ($1 + 0.5) * " << dx
             << "):(" << box.y_max << " - ($2 + 0.5) * " << dy
             << "):3 with image pixels, \\\n     ";
    }
    plot << "DATA index " << codes
         << " using 1:2:3 with labels boxed center font 'DejaVu Sans:Bold,12' "
         << "tc rgb '#B03000'\n";
    return plot.str();
}

}  // namespace

void draw_animation(Pictures& pictures, const std::string& name, const Animation& animation) {
    assert(!animation.frames.empty());
    const LatentBox box =
        animation.box.width() > 0 ? animation.box : bounding_box(animation.frames);
    std::ostringstream data, commands;
    commands << "set palette maxcolors 6 defined (-1 '#ffffff', 1 '#8fb3d9')\nset cbrange [-1:1]\n"
             << "unset colorbox\nset key off\nset tics out nomirror\n"
             << "set xlabel 'first latent component (latent units)'\n"
             << "set ylabel 'second latent component (latent units)'\n"
             << "set xrange [" << box.x_min << ":" << box.x_max << "]\n"
             << "set yrange [" << box.y_min << ":" << box.y_max << "]\n";
    commands << "set style textbox opaque fillcolor rgb '#ffffff' noborder margins 0.4,0.3\n";
    std::size_t planes = 0;  // their blocks come first: gnuplot reads a matrix only from among such
    for (const AnimationFrame& frame : animation.frames) {
        if (!frame.images.empty()) {
            data << "# " << one_line(frame.caption) << ": the decoded plane\n"
                 << plane_block(animation, frame.images) << "\n\n";
            ++planes;
        }
    }
    std::size_t plane = 0;
    std::size_t codes = planes;
    std::string last;
    for (const AnimationFrame& frame : animation.frames) {
        data << "# " << one_line(frame.caption) << ": x, y, name\n";
        for (std::size_t i = 0; i < frame.codes.rows(); ++i) {
            data << frame.codes(i, 0) << " " << frame.codes(i, 1) << " "
                 << gnuplot_data_string(animation.labels[i]) << "\n";
        }
        data << "\n\n";
        last = frame_plot(animation, frame, box, plane, codes++);
        plane += !frame.images.empty();
        commands << last;
    }
    const double frames = static_cast<double>(animation.frames.size());
    const double delay = std::max(2.0, 100 * animation.seconds / frames);
    commands << "do for [k=1:" << std::lround(std::max(1.0, 150 / delay))
             << "] {  # the last one stays\n"
             << last << "}\n";
    pictures.draw_gif(name, 640, 640, static_cast<int>(std::lround(delay)), data.str(),
                      commands.str());
}

}  // namespace hourglass
