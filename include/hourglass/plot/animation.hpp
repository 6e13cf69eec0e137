#pragma once

#include <string>
#include <vector>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/core/matrix.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

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
    PictureShape shape = {};    // of the decoded images, if there are any
    std::size_t columns = 0;  // of the grid of decoded images
    std::size_t rows = 0;
    double seconds = 8;  // that all frames take; the last one stays for a while
};

/// The box around all codes of all frames: what `images` are to be decoded over.
LatentBox bounding_box(const std::vector<AnimationFrame>& frames, double margin = 0.08);

/// NAME.gif, whatever the format of the other pictures. @pre  at least one frame
void draw_animation(Pictures& pictures, const std::string& name, const Animation& animation);

/// Is this epoch, counted from 1, one of about 50 that an animation shows? Close together at first, when most happens.
bool is_animation_frame(int epoch, int epochs);

}  // namespace hourglass
