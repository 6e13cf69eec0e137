#include "hourglass/plot/image_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace hourglass {
namespace {

std::string palette(const PictureShape& shape) {
    const std::string colours = shape.ink_on_paper ? "defined (-1 '#f4f1ea', 1 '#1d2733')" : "gray";
    return "set palette " + colours + "\nset cbrange [" + std::to_string(shape.lowest) + ":1]\n";
}

/// A pixel as the 0 to 255 of a screen; white, where there is no image.
double colour_of(double value, double lowest) {
    return std::isnan(value) ? 255 : std::round(255 * (std::clamp(value, lowest, 1.0) - lowest) / (1 - lowest));
}

/// Units are pixels of the images: x to the right, y downward.
struct SheetLayout {
    std::size_t column_step;
    std::size_t row_step;
    double width;
    double height;

    SheetLayout(const ImageSheet& sheet)
        : column_step(sheet.shape.width + std::max<std::size_t>(2, sheet.shape.width / 12)),
          row_step(sheet.shape.height + (column_step - sheet.shape.width)) {
        std::size_t columns = 1;
        bool any_caption = false;
        for (const auto& row : sheet.rows) {
            columns = std::max(columns, row.size());
            any_caption = any_caption || std::ranges::any_of(row, [](const SheetImage& image) { return !image.caption.empty(); });
        }
        if (any_caption) {  // which needs its room below each row
            row_step = sheet.shape.height + std::max<std::size_t>(3, sheet.shape.height / 4);
        }
        width = static_cast<double>(columns * column_step);
        height = static_cast<double>(sheet.rows.size() * row_step);
    }
};

}  // namespace

SheetRow sheet_row(const std::string& label, const Matrix& images, const Matrix* targets,
                   const std::function<std::string(std::size_t)>& caption) {
    return {label, [&images, targets, caption](std::size_t i) {
                SheetImage image{{images.row(i).begin(), images.row(i).end()}, {}, caption ? caption(i) : ""};
                if (targets) {
                    image.target.assign(targets->row(i).begin(), targets->row(i).end());
                }
                return image;
            }};
}

void add_rows(ImageSheet& sheet, std::size_t samples, std::size_t columns,
              const std::vector<SheetRow>& rows) {
    for (std::size_t first = 0; first < samples; first += columns) {
        for (const SheetRow& row : rows) {
            std::vector<SheetImage>& images = sheet.rows.emplace_back();
            for (std::size_t i = first; i < std::min(first + columns, samples); ++i) {
                images.push_back(row.image(i));
            }
            sheet.row_labels.push_back(row.label);
        }
    }
}

ImageSheet tiled_sheet(const std::string& title, const PictureShape& shape, const Matrix& images,
                       std::size_t columns) {
    ImageSheet sheet;
    sheet.title = title;
    sheet.shape = shape;
    for (std::size_t i = 0; i < images.rows(); ++i) {
        if (i % columns == 0) {
            sheet.rows.emplace_back();
        }
        sheet.rows.back().push_back({Vector(images.row(i).begin(), images.row(i).end()), {}, ""});
    }
    return sheet;
}

void draw_image_sheet(Pictures& pictures, const std::string& name, const ImageSheet& sheet) {
    const PictureShape& shape = sheet.shape;
    const SheetLayout layout(sheet);
    std::ostringstream pixels, outlines, captions;
    std::string row_labels;  // as commands, for they stand outside of the axes' ranges
    const std::size_t sheet_width = static_cast<std::size_t>(layout.width), channels = shape.channels;
    std::vector<double> canvas(sheet_width * static_cast<std::size_t>(layout.height) * channels, NAN);
    outlines << "# x, y of the wrong pixels\n-99 -99\n";  // a point off the sheet: none is an error
    captions << "# x, y, text\n-99 -99 \"\"\n";
    bool any_outline = false;
    for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
        const std::size_t y0 = r * layout.row_step;
        if (!sheet.row_labels.empty()) {
            row_labels += "set label " + gnuplot_string(sheet.row_labels[r]) + " at -1.5, " +
                          std::to_string(y0 + shape.height / 2) + " right\n";
        }
        for (std::size_t c = 0; c < sheet.rows[r].size(); ++c) {
            const SheetImage& image = sheet.rows[r][c];
            const std::size_t x0 = c * layout.column_step;
            for (std::size_t p = 0; p < image.pixels.size() / channels; ++p) {
                const std::size_t x = x0 + p % shape.width;
                const std::size_t y = y0 + p / shape.width;
                for (std::size_t k = 0; k < channels; ++k) {
                    canvas[(y * sheet_width + x) * channels + k] =
                        static_cast<double>(image.pixels[p * channels + k]);
                }
                if (!image.target.empty() && (image.pixels[p] > 0) != (image.target[p] > 0)) {
                    outlines << x << " " << y << "\n";
                    any_outline = true;
                }
            }
            if (!image.caption.empty()) {
                captions << static_cast<double>(x0) + static_cast<double>(shape.width - 1) / 2
                         << " " << static_cast<double>(y0 + shape.height) + 0.1 << " "
                         << gnuplot_data_string(image.caption) << "\n";
            }
        }
    }
    pixels << (channels == 1 ? "# x, y, value; NaN between the images\n" : "# x, y, red, green, blue; 255 is full\n");
    for (std::size_t p = 0; p < canvas.size() / channels; ++p) {
        pixels << p % sheet_width << " " << p / sheet_width;
        for (std::size_t k = 0; k < channels; ++k) {
            const double value = canvas[p * channels + k];
            pixels << " " << (channels == 1 ? value : colour_of(value, shape.lowest));
        }
        pixels << "\n";
    }
    const double scale = std::clamp(1150.0 / layout.width, 2.0, 14.0);  // screen pixels a pixel
    const int left = sheet.row_labels.empty() ? 30 : 170;
    const int bottom = sheet.note.empty() ? 10 : 60;
    const int width = std::max(760, static_cast<int>(layout.width * scale) + left + 20);
    const int height = static_cast<int>(layout.height * scale) + 50 + bottom;
    std::ostringstream commands;
    commands << "set label " << gnuplot_string(sheet.title) << " at screen 0.5, "
             << 1 - 20.0 / height << " center font ',14'\n"
             << palette(shape) << "unset colorbox\nunset border\nunset tics\nset key off\n"
             << "set lmargin at screen " << static_cast<double>(left) / width << "\n"
             << "set rmargin at screen " << (left + layout.width * scale) / width << "\n"
             << "set tmargin at screen " << 1 - 50.0 / height << "\n"
             << "set bmargin at screen " << static_cast<double>(bottom) / height << "\n"
             << "set xrange [-0.5:" << layout.width - 0.5 << "]\n"
             << "set yrange [" << layout.height - 0.5 << ":-0.5]\n"
             << "set style fill solid 1.0 noborder\n"
             << row_labels;
    if (!sheet.note.empty()) {
        commands << "set label " << gnuplot_string(sheet.note) << " at screen 0.5, "
                 << 20.0 / height << " center font ',12' tc rgb '#444444'\n";
    }
    // Boxes show the few pixels of a letter one by one; a photograph has too many of them.
    commands << (shape.channels == 3 ? "plot DATA index 0 using 1:2:3:4:5 with rgbimage"
                 : shape.ink_on_paper
                     ? "plot DATA index 0 using 1:2:(0.5):(0.5):3 with boxxyerror lc palette"
                     : "plot DATA index 0 using 1:2:3 with image")
             << ", \\\n"
             << "     DATA index 2 using 1:2:3 with labels center offset 0,-0.5 font ',11'";
    if (any_outline) {
        commands << ", \\\n     DATA index 1 using 1:2:(0.5):(0.5) with boxxyerror "
                 << "lc rgb '#D55E00' lw 3 fs empty border";
    }
    commands << "\n";
    pictures.draw(name, width, height,
                  pixels.str() + "\n\n" + outlines.str() + "\n\n" + captions.str(), commands.str());
}

}  // namespace hourglass
