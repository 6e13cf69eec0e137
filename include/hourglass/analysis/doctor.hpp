#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/nn/divergence.hpp"
#include "hourglass/nn/network.hpp"
#include "hourglass/nn/optimizer_check.hpp"
#include "hourglass/nn/schedule.hpp"

// What a good teacher looks at when a net does not learn, one diagnosis after the other. Each gives a verdict,
// the number that was measured, and a sentence of what to do. All trainings here are short, and the same for
// the same seed.

namespace hourglass {

enum class Verdict { well, notice, wrong };

struct Finding {
    std::string topic;  // "loss at initialization"
    Verdict verdict = Verdict::well;
    std::string number;  // "22.1, expected about 24.3"
    std::string advice;  // a sentence; empty where all is well
};

/// What is examined: a net with its first weights, and how it is to be trained on what.
struct Patient {
    Network network;
    Matrix X, T;  // (n, in), (n, out): some samples, as the network sees them
    Loss loss = Loss::mean_squared_error;
    OptimizerOptions optimizer;
    std::size_t batch_size = 5;
    std::uint64_t seed = 1;
};

/// So many rows of X, spread evenly, or all, if there are not so many.
Matrix some_rows(const Matrix& X, std::size_t size);

/// How many steps with so many samples a diagnosis may take: fewer of a large net, so that each takes seconds.
std::size_t affordable_steps(Network& network, std::size_t rows);

// ---- 1: gradients and the optimizer -----------------------------------------------------------------

/// Each equation of a backward pass of some samples, with a few elements of each tensor; see
/// equation_check.hpp.
Finding examine_gradients(const Patient& patient);

/// The same of what this net does not have: small nets with, together, every kind of layer, activation and loss; and
/// what only an evaluation shows: batch norm's running statistics, no mask and no draw.
Finding examine_other_layers();

/// The first steps of the optimizer; see optimizer_check.hpp.
Finding examine_optimizer(const OptimizerOptions& options, const OptimizerMaker& make = make_optimizer);

// ---- 2 to 4, 8: what training does --------------------------------------------------------------------

/// The loss of the first weights, without what layers add to it, against that of outputs f(0), which know
/// nothing: the log of the classes, log 2 a pixel, the data's second moment.
Finding examine_first_loss(const Patient& patient);

/// A training of some steps on samples (n, in) and their targets.
struct Course {
    Network network;
    std::vector<double>
        losses;             // of each step, without what layers add, less the least that these targets allow
    std::size_t epoch = 0;  // the last one, from 1
    std::optional<Divergence> divergence;
    std::size_t sample = 0;  // of X, where the divergence has a sample
    std::string fed;         // what the layer that diverged was fed
};
Course train_some_steps(const Patient& patient, const Matrix& X, const Matrix& T, std::size_t steps,
                        const std::function<double(std::size_t step)>& learning_rate = {});

/// The loss of the network as it is used, without what layers add, less the least that these targets allow: the
/// entropy of targets that are no sure ones.
double excess_loss(const Network& network, const Matrix& X, const Matrix& T, Loss loss);

/// Eight samples, trained on until it is known by heart, and the same with all inputs zero.
struct OneBatch {
    std::vector<double> losses, zeroed;           // of each step
    double first = 0, last = 0, last_zeroed = 0;  // excess losses before and after
};
OneBatch learn_one_batch(const Patient& patient, std::size_t steps);
Finding examine_input(const OneBatch& batch);        // inputs of zeros must do worse
Finding examine_overfitting(const OneBatch& batch);  // the loss gets near zero

/// The same layers, each hidden one with half its units; nothing, if there are others than dense and sampling
/// layers.
std::optional<Network> half_as_wide(const Network& network);

/// The net against that of half the width: its loss falls further. Nothing, if there is none.
std::optional<Finding> examine_capacity(const Patient& patient, std::size_t steps);

/// The first number that is none: step, layer, sample, and what fed it.
Finding examine_divergence(const Course& course);

// ---- 5: data -------------------------------------------------------------------------------------------

struct DataSet {
    Matrix X, T = {};                      // (n, in), (n, out)
    std::vector<std::size_t> labels = {};  // (n); empty: there are none
    Matrix test = {};                      // (m, in); empty: there is none
};
std::vector<Finding> examine_data(const DataSet& data, const Activation& output);

// ---- 6: the signal -------------------------------------------------------------------------------------

/// What a batch leaves in one layer.
struct LayerSignal {
    std::string layer;
    double z_mean = 0, z_spread = 0, a_mean = 0, a_spread = 0;
    double flat =
        0;  // the share of activations in a hidden layer that are saturated, or of units that are dead
    double gradient = 0;  // root mean square of dZ
    double update = 0;    // |change of W in a step| / |W|; 0 without parameters
};
std::vector<LayerSignal> measure_signal(const Patient& patient, const Network& network);

/// @param when  "at initialization", "after 300 steps"   @param trained  then more of it may be saturated
Finding examine_signal(const std::vector<LayerSignal>& layers, const std::string& when, bool trained = false);

// ---- 7: the learning rate ------------------------------------------------------------------------------

/// Steps with a rate that grows from one to the next, over all decades that may be useful.
/// @see  Smith 2017, "Cyclical learning rates for training neural networks", section 3.3
struct RangeTest {
    std::vector<double> rates, losses;  // smoothed; they end where training diverged
    double suggestion = 0;              // a tenth of the rate at which the loss was lowest
    double largest = 0;                 // from here on the loss is larger than at first; infinite: at none
};
RangeTest test_learning_rates(const Patient& patient, std::size_t steps);
Finding examine_learning_rate(const RangeTest& test, double learning_rate);

/// The rate of each epoch, or of 10,000 of them, beside the schedule's equation.
Finding examine_schedule(const Schedule& schedule, double eta, int epochs);

// ---- all of it -----------------------------------------------------------------------------------------

/// Everything that the doctor measures, before any of it is written.
struct Examination {
    std::vector<Finding> findings;  // in this order
    OneBatch batch = {};
    std::vector<LayerSignal> first = {}, later = {};  // at initialization, and after some training
    RangeTest rates = {};
};

/// @param set  all the data that the patient's samples are of   @param epochs  of the whole training
Examination examine(const Patient& patient, const DataSet& set, const Schedule& schedule, int epochs);

}  // namespace hourglass
