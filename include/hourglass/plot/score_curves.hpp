#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hourglass/analysis/evaluation.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// A score to draw over the epochs.
struct ScoreAxis {
    std::string label;
    std::function<double(const SetScores&)> value;
};

/// error: a chart for each score, one above the other, with a curve for the training set and one for the test set. A
/// single one has a logarithmic scale.
/// @param train, test  of each epoch; test may be empty
void draw_score_curves(Pictures& pictures, const std::string& title, const std::vector<ScoreAxis>& axes,
                       const std::vector<SetScores>& train, const std::vector<SetScores>& test);

}  // namespace hourglass
