#include "hourglass/plot/row_pictures.hpp"

#include <algorithm>
#include <sstream>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/row_errors.hpp"
#include "hourglass/plot/lines.hpp"
#include "script.hpp"

namespace hourglass {
namespace {

/// Groups of bars, one group for each name, with a bar of each colour in it.
void draw_bars(Pictures& pictures, const std::string& picture, const std::string& title, const std::string& y_label,
               const std::vector<std::string>& names, const std::vector<ErrorGroup>& bars) {
    constexpr int width = 900, height = 560;
    std::ostringstream data, commands;
    data.precision(9);
    data << "# name, and the bars\n";
    for (std::size_t i = 0; i < names.size(); ++i) {
        data << gnuplot_data_string(names[i]);
        for (const ErrorGroup& of : bars) {
            data << " " << of.errors[i];
        }
        data << "\n";
    }
    std::vector<std::string> labels;
    for (const ErrorGroup& of : bars) {
        labels.push_back(of.label);
    }
    const Key key = key_below(labels, width, height);
    commands << "set title " << gnuplot_string(title) << " font ',14'\nset ylabel " << gnuplot_string(y_label)
             << "\nset xlabel 'column'\nset border 3\nset tics nomirror\nset grid ytics lc rgb '#dddddd' lw 1\nset yrange [0:*]\n"
             << "set style data histograms\nset style histogram clustered gap 1\n"
             << "set style fill solid border rgb 'black'\nset xtics scale 0"
             << (names.size() > 6 ? " rotate by 30 right" : "") << "\n" << key.commands
             << (names.size() > 6 ? "set bmargin at screen 0.22\n" : "") << "plot ";
    for (std::size_t b = 0; b < bars.size(); ++b) {
        commands << (b == 0 ? "" : ", \\\n     ") << "DATA using " << b + 2 << ":xtic(1) lc rgb '" << curve_colour(b)
                 << "' title " << gnuplot_string(bars[b].label);
    }
    pictures.draw(picture, width, height + key.height, data.str(), commands.str() + "\n");
}

}  // namespace

void draw_row_errors(Pictures& pictures, const std::string& unit, const std::vector<ErrorGroup>& groups) {
    std::vector<Line> lines;
    for (const ErrorGroup& group : groups) {
        if (group.errors.size() >= 25) {
            lines.push_back(distribution_line(group.label, group.errors, group.is_reference));
        }
    }
    if (!lines.empty()) {
        LineChart chart{"How large the errors of the rows are", "mean squared error of a row (" + unit + ")",
                        "rows with a smaller error (%)"};
        chart.log_x = 10;
        chart.y_max = 100;
        draw_lines(pictures, "row_errors", chart, lines);
    }
}

void draw_column_errors(Pictures& pictures, const std::string& of, const std::string& unit,
                        const std::vector<std::string>& names, const std::vector<ErrorGroup>& groups) {
    std::vector<std::size_t> order = largest_first(groups.front().errors);
    order.resize(std::min<std::size_t>(order.size(), 16));
    std::vector<std::string> shown;
    for (const std::size_t j : order) {
        shown.push_back(names[j]);
    }
    std::vector<ErrorGroup> bars = groups;
    for (ErrorGroup& group : bars) {
        group.errors = values_of(group.errors, order);
    }
    draw_bars(pictures, "columns", "Columns that are reconstructed worst, of " + of, "mean squared error (" + unit + ")",
              shown, bars);
}

void draw_unusual_images(Pictures& pictures, const Matrix& X, const Matrix& Y, const PictureShape& shape) {
    ImageSheet sheet;
    sheet.title = "The most unusual images, and what is left of them";
    sheet.shape = shape;
    add_rows(sheet, X.rows(), X.rows(), {sheet_row("original", X), sheet_row("reconstruction", Y)});
    draw_image_sheet(pictures, "unusual", sheet);
}

}  // namespace hourglass
