#include "hourglass/plot/code_pictures.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/variational.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/axes.hpp"

namespace hourglass {
namespace {

constexpr const char* class_colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
                                         "#56B4E9", "#7f7f7f", "#8c564b", "#bcbd22", "#9467bd"};

/// The numbers of all units, those that vary most first.
std::vector<std::size_t> by_deviation(const std::vector<Normal>& spread) {
    std::vector<std::size_t> units(spread.size());
    std::iota(units.begin(), units.end(), std::size_t{0});
    std::ranges::stable_sort(units, std::ranges::greater(),
                             [&](std::size_t unit) { return spread[unit].deviation; });
    return units;
}

}  // namespace

void draw_code_units(Pictures& pictures, const Autoencoder& model, const Matrix& codes,
                     const PictureShape& shape) {
    const std::vector<Normal> spread = spread_of(codes);
    const std::vector<std::size_t> units = by_deviation(spread);
    const std::size_t count = std::min<std::size_t>(units.size(), 64);
    Matrix moved(count + 1, codes.cols());  // the last row: none
    for (std::size_t i = 0; i <= count; ++i) {
        for (std::size_t j = 0; j < codes.cols(); ++j) {
            const bool is_moved = i < count && j == units[i];
            moved(i, j) = static_cast<Scalar>(spread[j].mean + (is_moved ? 2 * spread[j].deviation : 0));
        }
    }
    const Matrix images = decode_in_blocks(model, moved);
    Matrix differences(count, images.cols());
    for (std::size_t i = 0; i < count; ++i) {
        std::ranges::transform(images.row(i), images.row(count), differences.row(i).begin(), std::minus());
        const auto largest = static_cast<Scalar>(std::max(max_abs(differences.row(i)), 1e-6));
        std::ranges::transform(differences.row(i), differences.row(i).begin(),
                               [&](Scalar x) { return x / largest; });
    }
    ImageSheet sheet =
        tiled_sheet("What each unit of the code adds to an image (white) and takes away (black)",
                    {shape.width, shape.height, false}, differences, std::min<std::size_t>(16, count));
    sheet.note =
        text("The %zu units that vary most, each moved two standard deviations up from its mean.", count);
    draw_image_sheet(pictures, "units", sheet);
}

void draw_prior(Pictures& pictures, const Autoencoder& model, const Matrix& codes, const PictureShape& shape,
                std::uint64_t seed) {
    constexpr std::size_t side = 20;
    const std::string title = model.latent_size() == 2
                                  ? "The latent plane, decoded at equal steps of the prior's probability"
                                  : "The plane of the two directions in which the codes vary most, decoded";
    draw_image_sheet(
        pictures, "plane",
        tiled_sheet(title, shape, decode_in_blocks(model, quantile_plane(codes, side, side)), side));
    draw_image_sheet(pictures, "samples",
                     tiled_sheet("New images: decoded codes that were drawn from the prior", shape,
                                 decode_in_blocks(model, prior_codes(100, model.latent_size(), seed)), side));
}

void draw_code_lines(Pictures& pictures, const Autoencoder& model, const Matrix& X,
                     const std::vector<Transition>& transitions, const PictureShape& shape) {
    constexpr std::size_t steps = 10;
    ImageSheet sheet;
    sheet.title = "From one image to another, along the line between their codes";
    sheet.shape = shape;
    sheet.note = "The first and the last of a row are the images themselves.";
    for (const auto& [from, to] : transitions) {
        Matrix ends;
        gather_rows(ends, X, std::vector{from, to});
        const Matrix codes = model.encode(ends);
        const Matrix between = model.decode(line_codes(codes.row(0), codes.row(1), steps));
        std::vector<SheetImage>& row = sheet.rows.emplace_back();
        row.push_back({to_vector(ends.row(0)), {}, ""});
        for (std::size_t i = 0; i < steps; ++i) {
            row.push_back({to_vector(between.row(i)), {}, ""});
        }
        row.push_back({to_vector(ends.row(1)), {}, ""});
    }
    if (!transitions.empty()) {
        draw_image_sheet(pictures, "transitions", sheet);
    }
}

void draw_codes_by_class(Pictures& pictures, const Matrix& codes, const std::vector<std::size_t>& labels,
                         const std::vector<std::string>& classes) {
    draw_class_map(pictures, "codes",
                   {"The codes of the test images, a colour for each class, and its name at their mean",
                    axis::first_latent, axis::second_latent},
                   codes, labels, classes);
}

void draw_class_map(Pictures& pictures, const std::string& name, const ClassMap& map, const Matrix& Y,
                    const std::vector<std::size_t>& labels, const std::vector<std::string>& classes) {
    std::string data = "# x, y, class\n", names = "# where a class has its mean, and its name\n";
    std::vector<double> x(classes.size()), y(classes.size()), count(classes.size());
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        const std::size_t c = labels[i];
        data += text("%.4g %.4g %zu\n", static_cast<double>(Y(i, 0)), static_cast<double>(Y(i, 1)), c);
        x[c] += static_cast<double>(Y(i, 0));
        y[c] += static_cast<double>(Y(i, 1));
        ++count[c];
    }
    for (std::size_t c = 0; c < classes.size(); ++c) {
        if (count[c] > 0) {
            names +=
                text("%.4g %.4g ", x[c] / count[c], y[c] / count[c]) + gnuplot_data_string(classes[c]) + "\n";
        }
    }
    const bool scaled = !map.x_label.empty();
    const std::string axes = scaled ? "set xlabel " + gnuplot_string(map.x_label) + "\nset ylabel " +
                                          gnuplot_string(map.y_label) + "\nset border 3\nset tics nomirror\n"
                                    : "unset tics\nset size ratio -1\nset offsets graph 0.02, 0.02, 0.02, 0.02\n";
    std::string palette, key;
    for (std::size_t c = 0; c < std::size(class_colours); ++c) {
        palette += (c > 0 ? ", " : "") + std::to_string(c) + " '" + class_colours[c] + "'";
    }
    for (std::size_t c = 0; c < classes.size(); ++c) {
        key += ", \\\n     NaN with points pt 7 ps 1.2 lc rgb '" + std::string(class_colours[c % 10]) + "' title " +
               gnuplot_string(classes[c]);
    }
    pictures.draw(name, 1040, 800, data + "\n\n" + names,
                  "set title " + gnuplot_string(map.title) + " font ',14'\n" + axes +
                      "set key outside right center reverse Left samplen 1\nunset colorbox\nset cbrange [0:9]\n"
                      "set palette maxcolors 10\nset palette defined (" + palette +
                      ")\nset style textbox opaque noborder margins 0.5,0.5\n"
                      "plot DATA index 0 using 1:2:(int($3) % 10) with points pt 7 ps " +
                      (Y.rows() > 20'000 ? "0.2" : Y.rows() > 5'000 ? "0.4" : "0.7") +
                      " palette notitle, \\\n     DATA index 1 using 1:2:3 with labels font 'DejaVu Sans Bold,13' boxed "
                      "notitle" + key + "\n");
}

}  // namespace hourglass
