#pragma once

#include <memory>
#include <string>
#include <vector>

namespace hourglass {

/// The error chart while training: in a window where there is a display and gnuplot has a terminal for
/// it, as text on standard error where there is none.
class LiveChart {
public:
    /// @throws Error  if there is no gnuplot, or neither a display nor a terminal to draw on
    LiveChart(const std::string& title, const std::string& y_label);
    ~LiveChart();

    /// The value of the next epoch. Redraws, at most about four times a second.
    void add(double value);

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
    std::string title_, y_label_;
    std::vector<double> values_;  // values_[e - 1] is that of epoch e
};

}  // namespace hourglass
