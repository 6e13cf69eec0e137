#include "hourglass/plot/maps.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <sstream>

#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

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

/// A gnuplot string of one line, or of two.
std::string two_lines(const std::string& first, const std::string& second) {
    return gnuplot_string(first) + (second.empty() ? "" : " . \"\\n\" . " + gnuplot_string(second));
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
    const std::size_t n = map.share.size();
    std::ostringstream data;
    data << "# the owner of each point, row after row from the top\n";
    for (std::size_t p = 0; p < map.owner.size(); ++p) {
        data << map.owner[p] << ((p + 1) % map.columns == 0 ? "\n" : " ");
    }
    data << "\n\n# edges of the areas: x, y, dx, dy\n-1e9 -1e9 0 0\n" << area_edges(map);
    data << "\n\n# codes: x, y, name\n";
    for (std::size_t i = 0; i < codes.rows(); ++i) {
        data << codes(i, 0) << " " << codes(i, 1) << " " << gnuplot_data_string(labels[i]) << "\n";
    }
    data << "\n\n# shares: place, share in percent, sample, name, text\n";
    const std::vector<std::size_t> order = by_share(map.share);
    for (std::size_t place = 0; place < order.size(); ++place) {
        const std::size_t i = order[place];
        data << place << " " << 100 * map.share[i] << " " << i << " "
             << gnuplot_data_string(labels[i]) << " \"" << percent(map.share[i]) << "\"\n";
    }
    const double largest = 100 * std::ranges::max(map.share);
    std::ostringstream commands;
    commands << "set multiplot title " << gnuplot_string(title) << " font ',14'\n"
             << "set palette maxcolors " << std::max<std::size_t>(n, 2) << " defined (";
    for (std::size_t i = 0; i < n; ++i) {
        commands << (i == 0 ? "" : ", ") << i << " '" << area_colour(i) << "'";
    }
    commands << (n == 1 ? ", 1 '#ffffff'" : "")
             << ")\nset cbrange [-0.5:" << std::max<std::size_t>(n, 2) << "-0.5]\n"
             << "unset colorbox\nset key off\nset tics out nomirror\n"
             << "set tmargin at screen 0.94\nset bmargin at screen 0.08\n"
             << "set lmargin at screen 0.08\nset rmargin at screen 0.76\n"
             << "set xlabel 'first latent component (latent units)'\n"
             << "set ylabel 'second latent component (latent units)'\n"
             << "set xrange [" << map.box.x_min << ":" << map.box.x_max << "]\n"
             << "set yrange [" << map.box.y_min << ":" << map.box.y_max << "]\n"
             << "dx = " << map.box.width() / static_cast<double>(map.columns) << "\n"
             << "dy = " << map.box.height() / static_cast<double>(map.rows) << "\n"
             << "plot DATA index 0 matrix using (" << map.box.x_min << " + ($1 + 0.5) * dx):("
             << map.box.y_max << " - ($2 + 0.5) * dy):3 with image, \\\n"
             << "     DATA index 1 using 1:2:3:4 with vectors nohead lw 1 lc rgb '#606060', \\\n"
             << "     DATA index 2 using 1:2 with points pt 7 ps 0.6 lc rgb 'black', \\\n"
             << "     DATA index 2 using 1:2:3 with labels center offset 0,0.75 font "
             << "'DejaVu Sans Bold,14'\n"
             << "unset xlabel\nunset ylabel\nunset tics\nunset border\n"
             << "set lmargin at screen 0.815\nset rmargin at screen 0.985\n"
             << "set label 1 'share of the plane' at graph 0.4, graph 1.012 center font ',11'\n"
             << "set xrange [0:" << largest * 1.5 << "]\n"
             << "set yrange [" << order.size() << "-0.4:-0.6]\n"
             << "plot DATA index 3 using (0):1:(0):2:($1-0.4):($1+0.4):3 with boxxyerror "
             << "fs solid 1.0 border rgb '#606060' lc palette, \\\n"
             << "     DATA index 3 using (0):1:4 with labels right offset -0.7,0 font "
             << "'DejaVu Sans Bold,11', \\\n"
             << "     DATA index 3 using 2:1:5 with labels left offset 0.5,0 font ',10'\n"
             << "unset multiplot\n";
    pictures.draw(name, 1180, 940, data.str(), commands.str());
}

void draw_confusion(Pictures& pictures, const std::string& name, const std::string& title,
                    const Matrix& counts, const std::vector<std::string>& labels,
                    const std::string& note) {
    const std::size_t n = counts.rows();
    std::ostringstream cells, diagonal, texts, names;
    cells << "# column, row, share of the row in percent\n-99 -99 0\n";
    diagonal << "# diagonal: place, share that was right in percent\n";
    texts << "# column, row, what the cell says, 1: on a dark cell\n-99 -99 \"\" 0\n";
    names << "# place, name\n";
    double largest = 0;
    Matrix shares(n, n);
    for (std::size_t i = 0; i < n; ++i) {
        const auto row = counts.row(i);
        const double shown = std::accumulate(row.begin(), row.end(), 0.0);
        for (std::size_t j = 0; j < n; ++j) {
            shares(i, j) =
                static_cast<Scalar>(shown > 0 ? 100 * static_cast<double>(row[j]) / shown : 0);
            largest = i == j ? largest : std::max(largest, static_cast<double>(shares(i, j)));
        }
    }
    largest = largest > 0 ? largest : 1;
    for (std::size_t i = 0; i < n; ++i) {
        names << i << " " << gnuplot_data_string(labels[i]) << "\n";
        diagonal << i << " " << shares(i, i) << "\n";
        for (std::size_t j = 0; j < n; ++j) {
            const double share = static_cast<double>(shares(i, j));
            if (i != j && share > 0) {
                cells << j << " " << i << " " << share << "\n";
            }
            if (i == j || share >= 0.95) {
                texts << j << " " << i << " \"" << std::lround(share) << "\" "
                      << (i != j && share > 0.5 * largest) << "\n";
            }
        }
    }
    const auto last = std::to_string(n) + "-0.5";
    std::ostringstream commands;
    commands
        << "set label 1 " << gnuplot_string(title) << " at screen 0.46, 0.975 center font ',14'\n"
        << "set label 2 " << gnuplot_string(note)
        << " at screen 0.46, 0.018 center font ',11' tc rgb '#444444'\n"
        << "set label 3 'the letter shown' at screen 0.018, 0.5 center rotate by 90\n"
        << "set label 4 'taken for (in % of the times that the row was shown; grey: right)' "
        << "at screen 0.46, 0.05 center\n"
        << "set lmargin at screen 0.04\nset rmargin at screen 0.89\n"
        << "set tmargin at screen 0.95\nset bmargin at screen 0.07\n"
        << "unset tics\nunset border\nset key off\n"
        << "set xrange [-1.9:" << last << "+1.0]\nset yrange [" << last << "+1.0:-1.5]\n"
        << "set palette defined (0 '#ffffff', 0.15 '#fde0c5', 0.5 '#eb7f54', 1 '#7a1f3d')\n"
        << "set cbrange [0:" << largest << "]\nset cbtics font ',10' format '%g %%'\n"
        << "set colorbox user origin screen 0.905, 0.25 size screen 0.022, 0.5\n"
        << "set style fill solid 1.0 noborder\n"
        << "do for [k=0:" << n << "] {\n"
        << "    set arrow from k-0.5, -0.5 to k-0.5, " << last
        << " nohead front lw 0.5 lc rgb '#dddddd'\n"
        << "    set arrow from -0.5, k-0.5 to " << last
        << ", k-0.5 nohead front lw 0.5 lc rgb '#dddddd'\n"
        << "}\n"
        << "plot DATA index 0 using 1:2:(0.5):(0.5):3 with boxxyerror lc palette, \\\n"
        << "     DATA index 1 using 1:1:(0.5):(0.5) with boxxyerror lc rgb '#c8c8c8', \\\n"
        << "     DATA index 2 using 1:2:3:($4 == 1 ? 0xffffff : 0x333333) with labels center "
        << "font ',8' tc rgb variable, \\\n"
        << "     DATA index 3 using (-0.75):1:2 with labels right font 'DejaVu Sans Bold,11', \\\n"
        << "     DATA index 3 using 1:(-1):2 with labels center font 'DejaVu Sans Bold,11', \\\n"
        << "     DATA index 3 using 1:(" << last << "+0.5):2 with labels center font "
        << "'DejaVu Sans Bold,11'\n";
    pictures.draw(
        name, 1080, 1000,
        cells.str() + "\n\n" + diagonal.str() + "\n\n" + texts.str() + "\n\n" + names.str(),
        commands.str());
}

namespace {

using Points = std::vector<std::pair<double, double>>;

/// All points of a panel, by x.
Points sorted_points(const std::vector<ScatterGroup>& groups) {
    Points points;
    for (const ScatterGroup& group : groups) {
        assert(group.x.size() == group.y.size());
        for (std::size_t i = 0; i < group.x.size(); ++i) {
            points.emplace_back(group.x[i], group.y[i]);
        }
    }
    std::ranges::sort(points);
    return points;
}

/// The mean x and the mean y of each tenth of the points, or about that: points of one x stay together,
/// for among them the order is that of y.
Points mean_curve(const ScatterPanel& panel) {
    constexpr std::size_t parts = 10;
    const Points points = sorted_points(panel.groups);
    Points means;
    if (!panel.chart.mean_curve || points.size() < parts) {
        return means;
    }
    for (std::size_t begin = 0, end = 0; begin < points.size(); begin = end) {
        end = (means.size() + 1) * points.size() / parts;
        end = std::max(end, begin + 1);
        while (end < points.size() && points[end].first == points[end - 1].first) {
            ++end;
        }
        double x = 0, y = 0;
        for (std::size_t i = begin; i < end; ++i) {
            x += points[i].first / static_cast<double>(end - begin);
            y += points[i].second / static_cast<double>(end - begin);
        }
        means.emplace_back(x, y);
    }
    return means;
}

/// What all panels share: the range of y, and where a value of 0 stands on a logarithmic scale.
struct ScatterRange {
    double x_max = 0;
    double y_min = std::numeric_limits<double>::infinity();  // the smallest above 0
    double y_max = 0;

    explicit ScatterRange(const std::vector<ScatterPanel>& panels) {
        for (const ScatterPanel& panel : panels) {
            for (const Points& points : {sorted_points(panel.groups), mean_curve(panel)}) {
                for (const auto& [x, y] : points) {
                    x_max = std::max(x_max, x);
                    y_min = y > 0 ? std::min(y_min, y) : y_min;
                    y_max = std::max(y_max, y);
                }
            }
        }
        if (!(y_min <= y_max)) {
            y_min = y_max = 1;
        }
    }
    double zero() const { return y_min / 3; }
};

std::string scatter_axes(const ScatterPanel& panel, const ScatterRange& shared) {
    const ScatterRange own({panel});
    const double room =
        0.04 + 0.06 * static_cast<double>(panel.groups.size());  // for the key, at the top
    std::ostringstream commands;
    commands << "set title " << two_lines(panel.chart.title, panel.chart.note) << "\n"
             << "set xlabel " << gnuplot_string(panel.chart.x_label) << "\n"
             << "set ylabel " << gnuplot_string(panel.chart.y_label) << "\n"
             << "set xrange [0:" << (own.x_max > 0 ? own.x_max * 1.04 : 1) << "]\n";
    if (panel.chart.log_y) {
        const double decade = std::pow(10, std::ceil(std::log10(shared.y_min)));
        commands << "set logscale y\nset ytics " << decade << ", 10, " << shared.y_max * 10
                 << "\nunset mytics\nset format y '%g'\n"
                 << "set yrange [" << shared.zero() / 1.6 << ":"
                 << shared.y_max * std::pow(shared.y_max / shared.zero(), room) << "]\n"
                 << "set ytics add ('none' " << shared.zero() << ")\n"
                 << "set arrow 1 from graph 0, first " << shared.y_min / 1.7
                 << " to graph 1, first " << shared.y_min / 1.7
                 << " nohead dt 3 lc rgb '#aaaaaa'\n";
    } else {
        commands << "unset logscale y\nset ytics auto\nset yrange [0:" << shared.y_max * (1 + room)
                 << "]\n";
    }
    return commands.str();
}

/// The plot command of a panel; its blocks begin with `block` in the data file.
std::string scatter_plot(const ScatterPanel& panel, const ScatterRange& range, std::size_t block) {
    const std::string y =
        panel.chart.log_y ? "($2 > 0 ? $2 : " + to_exact_text(range.zero()) + ")" : "2";
    std::ostringstream plot;
    plot << "plot ";
    for (std::size_t g = 0; g < panel.groups.size(); ++g) {
        plot << "DATA index " << block + g << " using 1:" << y
             << " with points pt 7 ps 0.7 lc rgb '#80" << curve_colour(g).substr(1) << "' "
             << (panel.groups.size() > 1 ? "title " + gnuplot_string(panel.groups[g].label)
                                         : std::string("notitle"))
             << ", \\\n     ";
    }
    const std::size_t mean = block + panel.groups.size();
    if (!mean_curve(panel).empty()) {
        plot << "DATA index " << mean << " using 1:" << y << " with linespoints pt 7 ps 0.9 lw 2.5 "
             << "lc rgb 'black' title 'mean of about a tenth of the points each'\n";
    } else {
        plot << "NaN notitle\n";
    }
    return plot.str();
}

}  // namespace

void draw_scatter_panels(Pictures& pictures, const std::string& name, const std::string& title,
                         const std::vector<ScatterPanel>& panels) {
    const ScatterRange range(panels);
    const bool titled = !title.empty();
    std::ostringstream data;
    std::string commands = "set multiplot layout 1," + std::to_string(panels.size()) +
                           (titled ? " title " + gnuplot_string(title) + " font ',14'" : "") +
                           "\nset border 3\nset tics nomirror\nset grid lc rgb '#dddddd' lw 1\n" +
                           "set key top right samplen 2 font ',10'\n";
    std::size_t block = 0;
    for (const ScatterPanel& panel : panels) {
        for (const ScatterGroup& group : panel.groups) {
            data << "# " << one_line(group.label) << ": x, y\n";
            for (std::size_t i = 0; i < group.x.size(); ++i) {
                data << group.x[i] << " " << group.y[i] << "\n";
            }
            data << "\n\n";
        }
        data << "# mean x, mean y of about a tenth of the points\n-1e9 0\n";
        for (const auto& [x, y] : mean_curve(panel)) {
            data << x << " " << y << "\n";
        }
        data << "\n\n";
        commands += scatter_axes(panel, range) + scatter_plot(panel, range, block);
        block += panel.groups.size() + 1;
    }
    pictures.draw(name, static_cast<int>(panels.size()) * 560 + 20, 560, data.str(),
                  commands + "unset multiplot\n");
}

void draw_scatter(Pictures& pictures, const std::string& name, const ScatterChart& chart,
                  const std::vector<ScatterGroup>& groups) {
    draw_scatter_panels(pictures, name, "", {{chart, groups}});
}

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
