#pragma once

#include <string>
#include <vector>

#include "common/training.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/latent_pictures.hpp"

// Pictures and parts of pictures that several exercises draw.

namespace hourglass {

/// error: the error over the epochs of a training, `beside` it those of others, and `below` it what else was counted.
void draw_error(Pictures& pictures, const TrainingOptions& options, const Trained& run,
                const std::vector<StackedChart>& below = {}, const std::vector<Curve>& beside = {});

/// seeds: the median error of `seeds` trainings but those that diverged, and their quartiles.
void draw_seeds(Pictures& pictures, const TrainingOptions& options, const Curve& error, std::size_t seeds,
                std::size_t diverged);

/// forming: the codes while they form, if --animate asked for it.
void draw_forming(Pictures& pictures, const Trained& run, const std::string& title,
                  const std::vector<std::string>& labels);

}  // namespace hourglass
