#include "hourglass/plot/doctor_page.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "script.hpp"

namespace hourglass {
namespace {

/// A block of data: a line for each point, x and y.
void add_block(std::ostringstream& data, const std::vector<double>& x, const std::vector<double>& y) {
    for (std::size_t i = 0; i < y.size(); ++i) {
        if (std::isfinite(y[i])) {
            data << (x.empty() ? static_cast<double>(i + 1) : x[i]) << " " << y[i] << "\n";
        }
    }
    data << "\n\n";
}

/// A block with a line for each layer: its number, its name, spread of A and size of dZ.
void add_layers(std::ostringstream& data, const std::vector<LayerSignal>& layers) {
    for (std::size_t l = 0; l < layers.size(); ++l) {
        data << l + 1 << " " << gnuplot_data_string(layers[l].layer) << " " << layers[l].a_spread << " "
             << layers[l].gradient << "\n";
    }
    data << "\n\n";
}

/// A line of many points, or of one for each layer.
std::string line_of(std::size_t block, const std::string& columns, const std::string& title,
                    std::size_t colour) {
    const bool of_layers = columns.size() > 3;
    return "DATA index " + std::to_string(block) + " using " + columns +
           (of_layers ? " with linespoints pt 7 ps 0.8" : " with lines") + " lw 2 lc rgb '" +
           curve_colour(colour) + "'" + curve_dash(colour) + " title " + gnuplot_string(title);
}

/// A vertical line at a rate, with its name.
std::string mark(double rate, const std::string& name, double height) {
    std::ostringstream out;
    out << "set arrow from " << rate << ", graph 0 to " << rate
        << ", graph 1 nohead dashtype 3 lc rgb '#555555'\n"
        << "set label " << gnuplot_string(name) << " at " << rate << ", graph " << height
        << " offset 0.5,0 font ',10'\n";
    return out.str();
}

/// Is there anything above zero to show on a logarithmic axis?
std::string log_axis(const std::vector<double>& values) {
    const bool above = std::ranges::any_of(values, [](double v) { return v > 0; });
    return above ? "set logscale y\n" : "unset logscale y\n";
}

}  // namespace

void draw_doctor_page(Pictures& pictures, const DoctorPage& page) {
    std::ostringstream data, commands;
    data.precision(6);
    const auto of_layers = [](int column) {
        const std::string columns = "1:" + std::to_string(column) + ":xtic(2)";
        return line_of(3, columns, "at initialization", 0) + ", " +
               line_of(4, columns, "after some training", 1);
    };
    add_block(data, page.found.rates.rates, page.found.rates.losses);
    add_block(data, {}, page.found.batch.losses);
    add_block(data, {}, page.found.batch.zeroed);
    add_layers(data, page.found.first);
    add_layers(data, page.found.later);
    const std::string steps = std::to_string(std::max<std::size_t>(page.found.batch.losses.size() / 4, 1));
    commands << "set multiplot layout 2,2 title " << gnuplot_string(page.title) << " font ',14'\n"
             << "set grid lc rgb '#dddddd' lw 1\nset border 3\nset tics nomirror\n"
             << "set format '%g'\nset lmargin 12\nset rmargin 5\nset bmargin 7\n"
             << "set key at screen 2, screen 2\nset logscale x\nset xtics 1e-6, 100\n"
             << "set title 'Which learning rate?'\nset xlabel 'learning rate'\n"
             << "set ylabel " << axis_label(page.loss_label, 250) << "\n"
             << log_axis(page.found.rates.losses) << mark(page.learning_rate, "yours", 0.95)
             << mark(page.found.rates.suggestion, "suggested", 0.88) << "plot " << line_of(0, "1:2", "", 0) << "\n"
             << "unset arrow\nunset label\nunset logscale x\n"
             << "set key below\nset xtics " << steps << "\n"
             << "set title 'One batch by heart'\nset xlabel 'step'\n"
             << log_axis(page.found.batch.losses) << "plot " << line_of(1, "1:2", "real inputs", 0) << ", "
             << line_of(2, "1:2", "inputs of zeros", 1) << "\n"
             << "set xtics 1 rotate by " << (page.found.first.size() > 9 ? -90 : -30) << " font ',10'\nset xlabel ''\nunset logscale y\n"
             << "set yrange [0:*]\nset offsets 0.3, 0.6, 0, 0\n"
             << "set title 'Does the signal arrive?'\nset ylabel 'spread of the activations A'\n"
             << "plot " << of_layers(3) << "\n"
             << "set title 'Does the gradient come back?'\nset ylabel 'size of dZ (root mean square)'\n"
             << "set yrange [*:*]\nset logscale y\n"
             << "plot " << of_layers(4) << "\nunset multiplot\n";
    pictures.draw("doctor", 1000, 800, data.str(), commands.str());
}

}  // namespace hourglass
