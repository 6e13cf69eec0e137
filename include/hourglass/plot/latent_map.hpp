#pragma once

#include <string>
#include <vector>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/core/matrix.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// A circle or ellipse of a normal distribution on a map: its centre and its standard deviations.
struct MapEllipse {
    double x = 0, y = 0, x_radius = 0, y_radius = 0;
};

/// A plane of decoded images with the codes of the training samples on it.
struct LatentMap {
    std::string title;
    PictureShape shape;
    LatentBox box;
    std::size_t columns = 0;  // of the grid of decoded images
    std::size_t rows = 0;
    Matrix images;                    // (columns * rows, width * height), from the top left
    Matrix codes;                     // (n, >= 2); the first two components are drawn
    std::vector<std::string> labels;  // (n), the name of each sample
    std::vector<MapEllipse> contours = {};  // of the distribution that codes are drawn from, dashed
    std::vector<MapEllipse> ellipses = {};  // of each sample's own, if there are contours
};
void draw_latent_map(Pictures& pictures, const std::string& name, const LatentMap& map);

}  // namespace hourglass
