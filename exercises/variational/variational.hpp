#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/doctor.hpp"
#include "common/json.hpp"
#include "common/parallel.hpp"
#include "common/report.hpp"
#include "common/run.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/novelty.hpp"
#include "hourglass/analysis/variational.hpp"
#include "hourglass/data/image_folder.hpp"

// What the files of exercise 4 share: its options, a run of it, and what there is to say about that.

namespace hourglass::variational {

struct Options : FontOptions {
    std::string folder = {};              // of images, in place of the letters of a font
    std::size_t size = 24;                // the side that they are scaled to
    bool gray = false;                    // are they read in gray?
    std::optional<ImageSet> images = {};
    Matrix X = {};                        // the samples (n, d), in [-1, 1]
    std::vector<std::string> names = {};  // (n)
    PictureShape shape = {};

    bool of_letters() const { return !images; }
    std::string nats() const { return images ? "nats an image" : "nats a letter"; }
};

/// @returns nothing if it was --help   @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

struct Run : Trained {
    std::vector<double> kl;  // what the KL divergence adds to the loss, as the mean of each epoch
};

DoctorData doctor_data(const Options& options);

/// Trains the net of the options: a variational autoencoder if they have a beta, else a plain one.
Run train(const Options& options);

Outcome run_study(const Options& options, std::ostream& output);

constexpr std::size_t new_codes = 1000;   // that are drawn and decoded
constexpr double most_nats_above = 1.33;  // letters: how far the -ELBO may be above the entropy of the set
constexpr double least_near = 0.8, most_copies = 0.05;  // images: of those that new codes decode to

/// What there is to say about one net. Of the plain one `sigma`, `elbo` and `unit_kl` stay empty.
struct Net {
    Run run;
    Matrix codes = {}, Y = {};                      // means (n, latent size), and what they decode to (n, d)
    std::vector<std::vector<double>> sigma = {};    // [unit][sample]
    double mse = 0;                                 // of Y
    PixelErrors pixels = {};                        // of Y
    double drawn_exact = 0, drawn_at_most_one = 0;  // shares of the samples, from codes drawn for them
    Elbo elbo = {};
    std::vector<double> unit_kl = {};
    std::vector<Normal> drawn_from = {};  // new codes: the prior, or as the codes of the plain net are spread
    Matrix new_images = {};               // (new_codes, d)
    NearestRows neighbours = {};   // of these: the nearest sample; letters by pixels, images by difference
    double near = 0, copies = 0;  // shares of them; letters: at most 1 pixel away, and 0
    bool criterion_met = false;
};

/// Measured once, and written as text, JSON, CSV and pictures.
struct Result {
    std::vector<Net> nets;     // the variational one, of each seed that did not diverge
    std::optional<Net> plain;  // of the first seed
    double entropy = 0;        // of the samples, in nats
    Limits limits;
};
/// @param runs  of the variational net with all seeds; and of the plain one, if it was trained
Result measure(const Options& options, const std::vector<std::vector<Run>>& runs);

// The three writers: of the model, tables and results.json, of the report, of the pictures.
void write_files(RunFolder& folder, const Options& options, const Result& result);
void print_report(const Options& options, const Result& result, std::ostream& output);
void draw_pictures(RunFolder& folder, const Options& options, const Result& result);

}  // namespace hourglass::variational
