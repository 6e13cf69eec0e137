#include "hourglass/plot/row_pictures.hpp"

#include <algorithm>
#include <sstream>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/lines.hpp"
#include "script.hpp"

namespace hourglass {
namespace {

/// Groups of bars, one group for each column named, with a bar of each method's colour in it.
void draw_bars(Pictures& pictures, const std::string& picture, const std::string& title, const std::string& y_label,
               const std::vector<std::string>& columns, const std::vector<std::size_t>& named,
               const std::vector<ScoredMethod>& methods) {
    constexpr int width = 900, height = 560;
    std::ostringstream data, commands;
    data.precision(9);
    data << "# name, and the bars\n";
    for (const std::size_t j : named) {
        data << gnuplot_data_string(columns[j]);
        for (const ScoredMethod& method : methods) {
            data << " " << method.scores->columns[j];
        }
        data << "\n";
    }
    std::vector<std::string> labels;
    for (const ScoredMethod& method : methods) {
        labels.push_back(method.name);
    }
    const Key key = key_below(labels, width, height);
    commands << "set title " << gnuplot_string(title) << " font ',14'\nset ylabel " << gnuplot_string(y_label)
             << "\nset xlabel 'column'\nset border 3\nset tics nomirror\nset grid ytics lc rgb '#dddddd' lw 1\nset yrange [0:*]\n"
             << "set style data histograms\nset style histogram clustered gap 1\n"
             << "set style fill solid border rgb 'black'\nset xtics scale 0"
             << (named.size() > 6 ? " rotate by 30 right" : "") << "\n" << key.commands
             << (named.size() > 6 ? "set bmargin at screen 0.22\n" : "") << "plot ";
    for (std::size_t b = 0; b < methods.size(); ++b) {
        commands << (b == 0 ? "" : ", \\\n     ") << "DATA using " << b + 2 << ":xtic(1) lc rgb '" << curve_colour(b)
                 << "' title " << gnuplot_string(methods[b].name);
    }
    pictures.draw(picture, width, height + key.height, data.str(), commands.str() + "\n");
}

}  // namespace

void draw_row_errors(Pictures& pictures, const PreparedRows& rows, const std::string& left_out, const std::string& unit,
                     const std::vector<ScoredMethod>& methods) {
    std::vector<Line> lines;
    for (const ScoredMethod& method : methods) {
        const auto add = [&](const std::string& name, const std::vector<std::size_t>& of) {
            if (of.size() >= 25) {
                lines.push_back(distribution_line(name + ", " + method.name, values_of(method.scores->rows.error, of),
                                                  method.is_reference));
            }
        };
        add(rows.judged_name(), rows.judged());
        add(left_out + " (left out)", rows.left_out);
    }
    if (!lines.empty()) {
        LineChart chart{"How large the errors of the rows are", "mean squared error of a row (" + unit + ")",
                        "rows with a smaller error (%)"};
        chart.log_x = 10;
        chart.y_max = 100;
        draw_lines(pictures, "row_errors", chart, lines);
    }
}

void draw_column_errors(Pictures& pictures, const PreparedRows& rows, const std::string& unit,
                        const std::vector<ScoredMethod>& methods) {
    std::vector<std::size_t> order = largest_first(methods.front().scores->columns);
    order.resize(std::min<std::size_t>(order.size(), 16));
    draw_bars(pictures, "columns", "Columns that are reconstructed worst, of " + rows.judged_name(),
              "mean squared error (" + unit + ")", rows.table.columns, order, methods);
}

void draw_unusual_images(Pictures& pictures, const PreparedRows& rows, const std::vector<std::size_t>& order,
                         const Autoencoder& model) {
    const Table& table = rows.table;
    Matrix X = rows_of(table.X, std::span(order).first(std::min<std::size_t>(12, order.size())));
    Matrix Y = model.reconstruct(X);
    for (Matrix* images : {&X, &Y}) {
        rows.saved.scaling.undo(*images);
    }
    ImageSheet sheet;
    sheet.title = "The most unusual images, and what is left of them";
    sheet.shape = {table.width, table.height, false, table.lowest, table.channels};
    add_rows(sheet, X.rows(), X.rows(), {sheet_row("original", X), sheet_row("reconstruction", Y)});
    draw_image_sheet(pictures, "unusual", sheet);
}

}  // namespace hourglass
