#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/memory.hpp"
#include "common/options.hpp"
#include "common/run.hpp"
#include "hourglass/data/image_folder.hpp"
#include "hourglass/plot/animation.hpp"
#include "hourglass/plot/pictures.hpp"

// Exercise 2: the parts of ./lab flowers. flowers.cpp holds main and the epoch loop.

namespace hourglass::flowers {

constexpr std::size_t side = 32;  // of an image, in pixels

struct Options : TrainingOptions {
    ImageSet images;
    std::vector<std::pair<std::size_t, std::size_t>> transitions;  // positions of two images each
    std::size_t flower = 0;  // whose other components the walk through the first two keeps
    bool animate = false;
    std::string study;  // empty: none
};

/// @returns nothing if it was --help
/// @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

struct Run {
    Autoencoder model;
    std::uint64_t seed = 0;
    std::vector<double> errors = {};          // mean loss of each epoch
    std::vector<AnimationFrame> frames = {};  // where options.animate asks for them
    double mse = 0;                           // of all images, at the end
    double seconds = 0;
    TrainingMemory memory = {};
    bool stopped = false;  // by Ctrl-C
};

using Observer = std::function<void(const Run&)>;

/// Trains on the images X (n, side * side).
/// @throws Diverged  naming epoch, layer and image
Run train(const Options& options, const Matrix& X, const Observer& observe = {});

/// A reconstruction below this mean squared error shows every flower: the criterion of the exercise.
constexpr double learned = 5e-3;

/// A flower that no photograph shows: what lies half-way between the codes of two.
struct NewFlower {
    std::size_t first = 0;  // the two
    std::size_t second = 0;
    Vector image;             // (side * side)
    std::size_t nearest = 0;  // the photograph most like it
    double distance = 0;      // the mean squared difference from that
};

/// The `count` half-way images that differ most from every photograph, no photograph used twice.
std::vector<NewFlower> new_flowers(const Autoencoder& model, const Matrix& X, std::size_t count);

void report(const Options& options, const Run& run, std::ostream& output);

/// `latent`: how few numbers do; `architectures`: shallow against deep, with the same latent size.
Outcome run_study(const Options& options, std::ostream& output);

const std::vector<std::string>& study_names();

void draw_error(Pictures& pictures, const Options& options, const Run& run);
void draw_reconstructions(Pictures& pictures, const Options& options, const Run& run);
void draw_walk(Pictures& pictures, const Options& options, const Run& run);
void draw_transitions(Pictures& pictures, const Options& options, const Run& run);
void draw_new_flowers(Pictures& pictures, const Options& options,
                      const std::vector<NewFlower>& flowers);
void draw_forming(Pictures& pictures, const Options& options, const Run& run);

/// "3: daffodil", the position counted from 1 and the name without its ending.
std::string label_of(const ImageSet& images, std::size_t i);

/// The mean squared error of each row of Y against that of X.
std::vector<double> row_errors(const Matrix& Y, const Matrix& X);

}  // namespace hourglass::flowers
