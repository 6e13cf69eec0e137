#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "hourglass/analysis/doctor.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/nn/layers/batch_norm.hpp"
#include "hourglass/nn/layers/dropout.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "hourglass/nn/parse_layers.hpp"

namespace hourglass {
namespace {

struct SmallNet {
    const char* layers;
    Loss loss;
};

/// Every kind of layer, activation and loss is in one of them.
constexpr std::array small_nets = {
    SmallNet{"conv(2,3x3,s2,same) tanh, dense(3) sigmoid", Loss::mean_squared_error},
    SmallNet{"conv(2,3x3) leaky_relu, dense(3) tanh", Loss::cross_entropy},
    SmallNet{"max_pool(3x3,s2,same), dense(6) relu, dense(3) softmax", Loss::cross_entropy},
    SmallNet{"average_pool(3x3,s2,same), dense(6) sigmoid, dense(3) softmax", Loss::mean_squared_error},
    SmallNet{"upsample(2), dense(3) tanh", Loss::mean_absolute_error},
    SmallNet{"dense(8) leaky_relu, conv_transposed(2x2x2,2,3x3,s2,same) sigmoid", Loss::cross_entropy},
    SmallNet{"dense(6) softmax, dropout(0.4), dense(3) tanh", Loss::mean_squared_error},
    SmallNet{"batch_norm leaky_relu, dense(3) sigmoid", Loss::mean_absolute_error},
    SmallNet{"dense(6) tanh, sampling(3,0.7), dense(3)", Loss::mean_squared_error},
};

constexpr ImageShape small_image = {5, 5, 2};
constexpr std::size_t rows_of_small = 5;

Patient patient_of(const SmallNet& small) {
    Rng rng(1);
    Patient patient{Network(parse_layers(small.layers, small_image)),
                    Matrix(rows_of_small, small_image.size()),
                    {},
                    small.loss,
                    {}};
    for (std::size_t l = 1; l <= patient.network.depth(); ++l) {
        patient.network.layer(l).name = "layer " + std::to_string(l);
    }
    initialize(patient.network, Initialization::layer_scaled, rng);
    std::ranges::generate(patient.X.flat(), [&] { return static_cast<Scalar>(rng.normal()); });
    patient.T.resize(rows_of_small, patient.network.out());
    for (std::size_t i = 0; i < rows_of_small; ++i) {  // shares of a whole, which suit every loss
        const auto t = patient.T.row(i);
        std::ranges::generate(t, [&] { return static_cast<Scalar>(rng.uniform()); });
        const Scalar sum = std::accumulate(t.begin(), t.end(), Scalar{0});
        std::ranges::for_each(t, [sum](Scalar& share) { share /= sum; });
    }
    return patient;
}

bool near(double found, double expected) {
    return std::abs(found - expected) <= 1e-4 * std::max(1.0, std::abs(expected));
}

/// After one batch, what batch norm keeps for evaluations; empty if it is as it should be.
std::string wrong_running_statistics(const Matrix& X) {
    BatchNorm norm({1, 1, X.cols()});
    Pass pass(norm);
    pass.mode = Pass::Mode::train;
    Matrix Z;
    norm.forward(Z, pass, X);
    norm.backward(Matrix(X.rows(), X.cols()), pass, X);
    const double n = static_cast<double>(X.rows());
    for (std::size_t j = 0; j < X.cols(); ++j) {
        double mean = 0, variance = 0;
        for (std::size_t i = 0; i < X.rows(); ++i) {
            mean += static_cast<double>(X(i, j)) / n;
        }
        for (std::size_t i = 0; i < X.rows(); ++i) {
            variance += std::pow(static_cast<double>(X(i, j)) - mean, 2) / (n - 1);
        }
        if (!near(static_cast<double>(norm.running_mean[j]), BatchNorm::momentum * mean)) {
            return "batch_norm: its running mean is not 0.1 of the batch's, after the first";
        }
        if (!near(static_cast<double>(norm.running_variance[j]), 1 + BatchNorm::momentum * (variance - 1))) {
            return "batch_norm: its running variance is not that of the batch, divided by m - 1";
        }
    }
    return "";
}

/// Dropout leaves out a share p, and scales the rest; an evaluation has neither masks nor draws.
std::string wrong_draws() {
    const Dropout dropout({1, 1, 1000}, 0.25);
    const Sampling sampling(500);
    const Matrix X(1, 1000, 1);
    Pass trained(dropout), evaluated(dropout), of_sampling(sampling);
    trained.mode = Pass::Mode::train;
    Matrix Z;
    dropout.forward(Z, trained, X);
    const auto left_out = static_cast<double>(std::ranges::count(Z.flat(), Scalar{0}));
    const double kept = static_cast<double>(*std::ranges::max_element(Z.flat()));
    if (std::abs(left_out / 1000 - dropout.p) > 0.07 || !near(kept, 1 / (1 - dropout.p))) {
        return "dropout: of p = 0.25, " + to_text(left_out / 10, 3) + " % are left out, and the others " +
               to_text(kept, 3) + " times as large";
    }
    dropout.forward(Z, evaluated, X);
    if (!std::ranges::equal(Z.flat(), X.flat())) {
        return "dropout: an evaluation changes X";
    }
    sampling.forward(Z, of_sampling, X);
    return std::ranges::equal(Z.flat(), X.flat().first(Z.size())) ? "" : "sampling: an evaluation is not mu";
}

}  // namespace

Finding examine_other_layers() {
    Finding finding{"other layers",
                    Verdict::well,
                    "the gradients of " + std::to_string(small_nets.size()) +
                        " small nets with every kind of layer, activation and loss",
                    {}};
    const auto set = [&](Verdict verdict, const std::string& number, const std::string& advice) {
        finding = {finding.topic, verdict, number, advice};
        return finding;
    };
    std::string of;
    try {
        for (const SmallNet& small : small_nets) {
            of = small.layers;
            const Finding gradients = examine_gradients(patient_of(small));
            if (gradients.verdict == Verdict::wrong) {
                return set(gradients.verdict, "of " + of + ", " + gradients.number, gradients.advice);
            }
        }
        for (const std::string& wrong :
             {wrong_running_statistics(patient_of(small_nets[0]).X), wrong_draws()}) {
            if (!wrong.empty()) {
                return set(Verdict::wrong, wrong, "Compare it with the equations above its class.");
            }
        }
    } catch (const Error& error) {  // in a student's tree, what is not written yet
        return set(Verdict::notice, "of " + of + ", " + error.what(), "The rest was not looked at.");
    }
    return finding;
}

}  // namespace hourglass
