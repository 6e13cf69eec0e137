#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hourglass/analysis/evaluation.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// A score that is drawn over the epochs and left in files.
struct ScoreAxis {
    std::string label;  // empty: it is not drawn
    std::function<double(const SetScores&)> value;
    std::string key = {};  // its name in files
    double scale = 1;      // of what is drawn: 100 for percent
};

/// error: a chart for each score, one above the other, with a curve for the training set and one for the test set. A
/// single one has a logarithmic scale.
/// @param train, test  of each epoch; nothing is drawn without those of the training
void draw_score_curves(Pictures& pictures, const std::string& title, const std::vector<ScoreAxis>& axes,
                       const std::vector<SetScores>& train, const std::vector<SetScores>& test);

}  // namespace hourglass
