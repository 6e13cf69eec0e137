#pragma once

#include <vector>

#include "common/training.hpp"
#include "hourglass/data/noisy_set.hpp"

namespace hourglass {

/// Letters with noise, drawn apart from those of the training: a set for each level.
class ValidationSets {
public:
    /// Also names the letters of the training.
    /// @param levels  of the noise; must outlive this object
    ValidationSets(const FontOptions& options, Noise::Kind noise, const std::vector<double>& levels, Training& t);

    /// Takes down the mean loss on each of the sets.
    void watch(Training& t);

    std::size_t workspace_size() const { return ws_.bytes(sets_.front().noisy.rows()); }
    std::size_t bytes() const { return sets_.size() * sets_.front().bytes(); }

    std::vector<std::vector<double>> errors;  // [e][l]: after epoch e + 1, at level l

private:
    const std::vector<double>& levels_;
    Loss loss_;
    Workspace ws_;
    std::vector<NoisySet> sets_;
};

}  // namespace hourglass
