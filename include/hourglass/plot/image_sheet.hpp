#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/data/font.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// The shape of a sample seen as an image, row after row from its top left, values from `lowest` to 1.
struct PictureShape {
    std::size_t width = 0;
    std::size_t height = 0;
    bool ink_on_paper = true;  // +1 is dark on white, as in a font; otherwise +1 is white on black
    int lowest = -1;           // or 0
    std::size_t channels = 1;  // 3: red, green and blue of a pixel side by side
};

inline PictureShape glyph_shape(const Font& font) {
    return {font.width, font.height, true};
}

/// One image of a sheet.
struct SheetImage {
    Vector pixels;        // (width * height); empty: nothing is drawn here
    Vector target;        // if not empty, pixels on the other side of zero are outlined
    std::string caption;  // below the image
};

/// Images in rows and columns.
struct ImageSheet {
    std::string title;
    PictureShape shape;
    std::vector<std::string> row_labels;        // to the left; empty, or one a row
    std::vector<std::vector<SheetImage>> rows;  // not all of one length, if need be
    std::string note;                           // a line below
};

/// A row of a sheet that shows every sample.
struct SheetRow {
    std::string label;
    std::function<SheetImage(std::size_t)> image;  // of a sample
};

/// A row of the images of a matrix (n, d), which has to outlive it.
/// @param targets  if there are some, pixels on the other side of zero are outlined
/// @param caption  of an image, if there is to be one
SheetRow sheet_row(const std::string& label, const Matrix& images, const Matrix* targets = nullptr,
                   const std::function<std::string(std::size_t)>& caption = {});

/// Adds these rows to a sheet for the first `columns` samples, again for the next ones, and so on.
void add_rows(ImageSheet& sheet, std::size_t samples, std::size_t columns, const std::vector<SheetRow>& rows);

/// A sheet of all rows of a matrix (n, width * height), so many beside each other.
ImageSheet tiled_sheet(const std::string& title, const PictureShape& shape, const Matrix& images,
                       std::size_t columns);

void draw_image_sheet(Pictures& pictures, const std::string& name, const ImageSheet& sheet);

}  // namespace hourglass
