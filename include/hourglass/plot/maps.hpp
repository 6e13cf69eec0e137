#pragma once

#include <string>
#include <vector>

#include "hourglass/analysis/attractors.hpp"
#include "hourglass/core/matrix.hpp"
#include "hourglass/plot/images.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// The latent plane coloured by the sample that owns each point, each sample's name at its code, and
/// beside it the largest and the smallest shares.
/// @param codes  (n, >= 2)   @param labels  (n)
void draw_attractor_map(Pictures& pictures, const std::string& name, const std::string& title,
                        const AttractorMap& map, const Matrix& codes,
                        const std::vector<std::string>& labels);

/// A heat map of who is taken for whom: a row for each sample shown, a column for each it was taken for,
/// coloured by the share of the row. The diagonal is grey: what is right is not on the scale.
/// @param counts  (n, n), as confusion_counts   @param labels  (n)   @param note  a line below
void draw_confusion(Pictures& pictures, const std::string& name, const std::string& title,
                    const Matrix& counts, const std::vector<std::string>& labels,
                    const std::string& note = "");

/// What a chart of points says besides the points.
struct ScatterChart {
    std::string title;
    std::string x_label;
    std::string y_label;
    std::string note;        // a line under the title, such as a correlation
    bool log_y = false;      // values of 0 are drawn on a line of their own at the bottom
    bool mean_curve = true;  // the mean of y in each tenth of all points, ordered by x
};

/// Points of one colour.
struct ScatterGroup {
    std::string label;  // in the key, if there is more than one group
    std::vector<double> x;
    std::vector<double> y;  // (x.size())
};

void draw_scatter(Pictures& pictures, const std::string& name, const ScatterChart& chart,
                  const std::vector<ScatterGroup>& groups);

/// Several of them side by side with the same y axis.
struct ScatterPanel {
    ScatterChart chart;
    std::vector<ScatterGroup> groups;
};
void draw_scatter_panels(Pictures& pictures, const std::string& name, const std::string& title,
                         const std::vector<ScatterPanel>& panels);

/// One moment of an animation.
struct AnimationFrame {
    Matrix codes;         // (n, >= 2); the first two components are drawn
    std::string caption;  // such as the epoch
    Matrix images =
        {};  // if not empty: (columns * rows, width * height), the plane decoded over the box
};

/// The codes on their way, and if wanted what the plane decodes to.
struct Animation {
    std::string title;
    std::vector<std::string> labels = {};  // (n), the name of each sample
    std::vector<AnimationFrame> frames = {};
    LatentBox box = {};       // of all frames; of no width: around all codes of all frames
    ImageShape shape = {};    // of the decoded images, if there are any
    std::size_t columns = 0;  // of the grid of decoded images
    std::size_t rows = 0;
    double seconds = 8;  // that all frames take; the last one stays for a while
};

/// The box around all codes of all frames: what `images` are to be decoded over.
LatentBox bounding_box(const std::vector<AnimationFrame>& frames, double margin = 0.08);

/// NAME.gif, whatever the format of the other pictures. @pre  at least one frame
void draw_animation(Pictures& pictures, const std::string& name, const Animation& animation);

}  // namespace hourglass
