#include "map_labels.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/pictures.hpp"
#include "script.hpp"

namespace hourglass {
namespace {

constexpr std::size_t most_with_lines = 200;  // of more points the lines would be a thicket
constexpr double dot = 4;  // the radius of a point with a little room, in screen pixels

/// In screen pixels from the top left of the plot.
struct Rectangle {
    double x_min, x_max, y_min, y_max;
};

/// Which pixels of the plot are taken.
class Taken {
public:
    Taken(double width, double height)
        : columns_(static_cast<std::size_t>(width)),
          rows_(static_cast<std::size_t>(height)),
          taken_(columns_ * rows_) {}

    bool is_free(const Rectangle& r) const {
        if (r.x_min < 0 || r.y_min < 0 || r.x_max >= static_cast<double>(columns_) ||
            r.y_max >= static_cast<double>(rows_)) {
            return false;
        }
        for (auto y = static_cast<std::size_t>(r.y_min); y <= static_cast<std::size_t>(r.y_max);
             ++y) {
            const auto row = taken_.begin() + static_cast<std::ptrdiff_t>(y * columns_);
            if (std::find(row + static_cast<std::ptrdiff_t>(r.x_min),
                          row + static_cast<std::ptrdiff_t>(r.x_max) + 1,
                          true) != row + static_cast<std::ptrdiff_t>(r.x_max) + 1) {
                return false;
            }
        }
        return true;
    }

    void take(const Rectangle& r) {
        const double right = static_cast<double>(columns_) - 1;
        const double bottom = static_cast<double>(rows_) - 1;
        for (double y = std::max(0.0, r.y_min); y <= std::min(r.y_max, bottom); ++y) {
            for (double x = std::max(0.0, r.x_min); x <= std::min(r.x_max, right); ++x) {
                taken_[static_cast<std::size_t>(y) * columns_ + static_cast<std::size_t>(x)] = true;
            }
        }
    }

private:
    std::size_t columns_, rows_;
    std::vector<bool> taken_;
};

double letters_of(const std::string& text) {  // of UTF-8: the bytes that begin one
    return static_cast<double>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// The rectangle of a label of this size in one of eight directions from a point, `away` pixels from it.
Rectangle beside(double x, double y, double width, double height, int direction, double away) {
    constexpr int right[] = {1, -1, 0, 0, 1, -1, 1, -1};
    constexpr int down[] = {0, 0, -1, 1, -1, -1, 1, 1};
    const double cx = x + right[direction] * (away + width / 2);
    const double cy = y + down[direction] * (away + height / 2);
    return {cx - width / 2, cx + width / 2, cy - height / 2, cy + height / 2};
}

}  // namespace

std::string MapLabels::note(std::size_t all) const {
    return left_out == 0 ? ""
                         : std::to_string(left_out) + " of " + std::to_string(all) +
                               " names are left out: there is no room";
}

MapLabels place_labels(const LatentBox& box, const Matrix& codes,
                       const std::vector<std::string>& labels, const MapRoom& room) {
    const double to_x = room.width / box.width(), to_y = room.height / box.height();
    Taken taken(room.width, room.height);
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < codes.rows(); ++i) {
        const double x = (static_cast<double>(codes(i, 0)) - box.x_min) * to_x;
        const double y = (box.y_max - static_cast<double>(codes(i, 1))) * to_y;
        points.emplace_back(x, y);
        taken.take({x - dot, x + dot, y - dot, y + dot});
    }
    MapLabels result;
    std::ostringstream names, lines;
    names.precision(17);
    lines.precision(17);
    names << "# labels: x, y, name\n";
    lines << "# lines from labels to points: x, y, dx, dy\n";
    const auto place = [&](std::size_t i) -> bool {
        const auto [x, y] = points[i];
        const double width = room.letter_width * letters_of(labels[i]) + 4;
        for (const double away : {dot + 2, 20.0, 36.0, 52.0}) {
            if (away > dot + 2 && points.size() > most_with_lines) {
                return false;
            }
            for (int direction = 0; direction < 8; ++direction) {
                const Rectangle r = beside(x, y, width, room.letter_height, direction, away);
                if (!taken.is_free(r)) {
                    continue;
                }
                taken.take(r);
                const double cx = (r.x_min + r.x_max) / 2, cy = (r.y_min + r.y_max) / 2;
                names << box.x_min + cx / to_x << " " << box.y_max - cy / to_y << " "
                      << gnuplot_data_string(labels[i]) << "\n";
                if (away > dot + 2) {  // from the nearest edge of the label
                    const double ex = std::clamp(x, r.x_min, r.x_max);
                    const double ey = std::clamp(y, r.y_min, r.y_max);
                    lines << box.x_min + ex / to_x << " " << box.y_max - ey / to_y << " "
                          << (x - ex) / to_x << " " << (ey - y) / to_y << "\n";
                }
                return true;
            }
        }
        return false;
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        result.left_out += !place(i);
    }
    // A point far off: a block without any would be an error.
    names << "-1e300 0 \"\"\n";
    lines << "-1e300 0 0 0\n";
    result.data = names.str() + "\n\n" + lines.str();
    return result;
}

std::string plane_axes(const LatentBox& box) {
    const double size = std::max(
        {std::abs(box.x_min), std::abs(box.x_max), std::abs(box.y_min), std::abs(box.y_max)});
    const double narrow = std::min(box.width(), box.height());
    const long digits = std::clamp(std::lround(std::log10(size / narrow)) + 4, 6L, 17L);
    return std::string("set xlabel ") + gnuplot_string(axis::first_latent) + "\nset ylabel " +
           gnuplot_string(axis::second_latent) + "\nset xrange " +
           range_text(box.x_min, box.x_max) + "\nset yrange " + range_text(box.y_min, box.y_max) +
           "\nset format '%." + std::to_string(digits) + "g'\nset tics out nomirror" +
           (digits > 6 ? " font ',8'\n" : "\n");
}

}  // namespace hourglass
