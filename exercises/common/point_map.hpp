#pragma once

#include <cstddef>
#include <iosfwd>
#include <vector>

#include "common/json.hpp"
#include "hourglass/analysis/map_quality.hpp"
#include "hourglass/analysis/tsne.hpp"
#include "hourglass/data/idx.hpp"
#include "hourglass/io/command_line.hpp"

namespace hourglass {

/// A map of points by t-SNE, and what there is to say of it.
struct PointMap {
    TsneOptions options;
    Matrix Y;                              // (n, 2)
    std::vector<std::size_t> labels = {};  // (n), or none
    double kl = 0;                         // in nats, exact
    MapQuality quality = {};               // trustworthiness and continuity
    double purity = 0, purity_before = 0;  // of 10 neighbours on the map, and of the points; NaN without labels
    double seconds = 0;
};

/// Makes it, with a line of progress unless `quiet`; Ctrl-C leaves it as far as it came.
/// @param X  (n, d)   @param labels  (n), or none
PointMap make_point_map(const Matrix& X, const std::vector<std::size_t>& labels, const TsneOptions& options,
                        bool quiet);

/// A map that a user may ask for, of so many images: those of a test set, then those of the training set.
struct MapOptions {
    std::size_t images = 0;  // none: no map
    bool of_pixels = false;  // not of the codes

    const char* of() const { return of_pixels ? "pixels" : "codes"; }
};

/// Adds --map and --map-of-pixels.
void add_map_options(CommandLine& line, MapOptions& options);

/// @throws Error  if there are not so many images, or an option is of no use
void check_map_options(const CommandLine& line, const MapOptions& options, const TrainAndTest& sets);

PointMap make_point_map(const MapOptions& options, const TrainAndTest& sets, const Autoencoder& model, bool quiet);

/// kl, trustworthiness, continuity, purity where there are labels, seconds, and how it was made.
Json to_json(const PointMap& map);

/// The same in words, and what the distances of such a map do not mean.
void print_point_map(const PointMap& map, std::ostream& output);

}  // namespace hourglass
