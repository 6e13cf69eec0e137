#pragma once

#include <iosfwd>

#include "common/run.hpp"
#include "common/training.hpp"
#include "flowers/options.hpp"

namespace hourglass::flowers {

/// A reconstruction below this mean squared error shows every flower: the criterion of the exercise.
constexpr double criterion = 5e-3;

struct Run : Trained {
    double mse = 0;  // of all images, at the end

    bool learned() const { return complete() && mse <= criterion; }
};

/// Trains on the images (n, side * side) of the options.
Run train(const Options& options);

/// `latent`: how few numbers do; `architectures`: shallow against deep, with the same latent size.
Outcome run_study(const Options& options, std::ostream& output);

}  // namespace hourglass::flowers
