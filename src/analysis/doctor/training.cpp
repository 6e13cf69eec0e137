#include <algorithm>
#include <cmath>

#include "hourglass/analysis/doctor.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "hourglass/nn/minibatches.hpp"

namespace hourglass {
namespace {

/// -p ln p, and 0 for a p of 0
double surprise(double p) {
    return p > 0 ? -p * std::log(p) : 0;
}

/// The least that a loss can be with these targets: the entropy of those that a cross-entropy takes for
/// probabilities.
double least_loss(const Matrix& T, Loss loss, const Activation& f) {
    double sum = 0;
    for (std::size_t i = 0; loss == Loss::cross_entropy && i < T.size(); ++i) {
        const double t = static_cast<double>(T.flat()[i]),
                     q = f.kind == Activation::Kind::tanh ? (1 + t) / 2 : t;
        sum += surprise(q) + (f.kind == Activation::Kind::softmax ? 0 : surprise(1 - q));
    }
    return sum / static_cast<double>(T.rows());
}

const Activation& output_of(const Network& network) {
    return network.layer(network.depth()).activation;
}

/// The multiply-adds of a layer for one sample, about.
double work_of(Layer& layer) {
    double work = 0;
    for (const Parameter& p : layer.parameters()) {
        if (p.shape.size() == 2) {
            work += static_cast<double>(p.value.size());
        } else if (p.shape.size() == 4) {  // at each place of a window
            const std::size_t images = std::max(layer.in(), layer.out());
            work += static_cast<double>(p.value.size()) * static_cast<double>(images) /
                    static_cast<double>(p.shape[0]);
        }
    }
    return work;
}

/// "A of encoder.1 is up to 3e+08": what the layer of a divergence was given.
std::string text_of_input(const Network& network, const Workspace& ws, const Divergence& divergence) {
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        if (network.layer(l).name == divergence.layer) {
            const std::string what = l == 1 ? "the input" : "A of " + network.layer(l - 1).name;
            return what + " is up to " + to_text(static_cast<double>(max_abs(ws.A[l - 1].flat())), 3) +
                   " in size";
        }
    }
    return "";
}

}  // namespace

std::size_t affordable_steps(Network& network, std::size_t rows) {
    double work = 0;
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        work += work_of(network.layer(l));
    }
    constexpr double affordable = 2e8;  // multiply-adds of forward: some seconds of plain loops
    return static_cast<std::size_t>(
        std::clamp(affordable / (work * static_cast<double>(rows) + 1), 60.0, 1500.0));
}

Course train_some_steps(const Patient& patient, const Matrix& X, const Matrix& T, std::size_t steps,
                        const std::function<double(std::size_t)>& learning_rate) {
    Course course{patient.network, {}, 0, {}, 0, {}};
    Network& network = course.network;
    const auto optimizer = make_optimizer(network.parameters(), patient.optimizer);
    Workspace ws(network, patient.seed);
    Minibatches batches(X, T, patient.batch_size);
    Rng rng(patient.seed);
    while (course.losses.size() < steps && !course.divergence) {
        ++course.epoch;
        for (const Batch& batch : batches.shuffled(rng)) {
            if (learning_rate) {
                optimizer->set_learning_rate(learning_rate(course.losses.size()));
            }
            network.forward(ws, batch.X);
            double loss = network.loss(ws, batch.T, patient.loss);
            course.divergence = find_divergence(network, ws);
            if (course.divergence) {
                const auto row = course.divergence->sample;
                course.sample = row && !course.divergence->of_step_before ? batch.rows[*row] : 0;
                course.fed = text_of_input(network, ws, *course.divergence);
                break;
            }
            for (const Pass& pass : ws.pass) {
                loss -= pass.penalty;
            }
            course.losses.push_back(loss - least_loss(batch.T, patient.loss, output_of(network)));
            if (course.losses.size() == steps) {
                break;
            }
            network.backward(ws);
            optimizer->step();
        }
    }
    return course;
}

double excess_loss(const Network& network, const Matrix& X, const Matrix& T, Loss loss) {
    Workspace ws(network);
    network.forward(ws, X);
    double value = network.loss(ws, T, loss);
    for (const Pass& pass : ws.pass) {
        value -= pass.penalty;
    }
    return value - least_loss(T, loss, output_of(network));
}

Finding examine_first_loss(const Patient& patient) {
    const std::string topic = "loss at initialization";
    Matrix Z(patient.T.rows(), patient.T.cols()), Y, dZ, dY;
    activation_forward(Y, Z, output_of(patient.network));  // what a net says that knows nothing: f(0)
    const double expected = output_loss(dZ, dY, Z, Y, patient.T, patient.loss, output_of(patient.network));
    const double found = excess_loss(patient.network, patient.X, patient.T, patient.loss) +
                         least_loss(patient.T, patient.loss, output_of(patient.network));
    Finding finding{
        topic, Verdict::well, to_text(found, 3) + ", where outputs of f(0) have " + to_text(expected, 3), {}};
    if (!(found <= 4 * expected)) {
        finding.verdict = Verdict::wrong;
        finding.advice =
            "The first outputs are far from neutral: the weights start too large, or inputs are not scaled "
            "to about 1.";
    } else if (found < expected / 2) {
        finding.verdict = Verdict::wrong;
        finding.advice =
            "A net that has learned nothing knows too much: does the target reach the output, or is the loss "
            "divided twice?";
    }
    return finding;
}

OneBatch learn_one_batch(const Patient& patient, std::size_t steps) {
    constexpr std::size_t by_heart = 8;  // samples: of a single one, a bias knows the target
    const Matrix X = some_rows(patient.X, by_heart), T = some_rows(patient.T, by_heart);
    const Matrix zeros(X.rows(), X.cols());
    const Course real = train_some_steps(patient, X, T, steps),
                 zeroed = train_some_steps(patient, zeros, T, steps);
    return {.losses = real.losses,
            .zeroed = zeroed.losses,
            .first = excess_loss(patient.network, X, T, patient.loss),
            .last = excess_loss(real.network, X, T, patient.loss),
            .last_zeroed = excess_loss(zeroed.network, zeros, T, patient.loss)};
}

Finding examine_input(const OneBatch& batch) {
    Finding finding{
        "input-independent baseline",
        Verdict::well,
        "loss " + to_text(batch.last, 3) + ", with inputs of zeros " + to_text(batch.last_zeroed, 3),
        {}};
    if (!(batch.last < 0.9 * batch.last_zeroed) && batch.last > 0.02 * batch.first) {
        finding.verdict = Verdict::wrong;
        finding.advice =
            "The net does as well without its input: does the input reach the output, and do samples keep "
            "their targets?";
    }
    return finding;
}

Finding examine_overfitting(const OneBatch& batch) {
    const double share = batch.last / batch.first;
    Finding finding{"one batch by heart",
                    Verdict::well,
                    "after " + std::to_string(batch.losses.size()) + " steps " +
                        (std::isfinite(share) ? to_text(100 * share, 3) + " % of the first loss is left"
                                              : "the loss is no number any more"),
                    {}};
    if (!(share < 0.5)) {
        finding.verdict = Verdict::wrong;
        finding.advice =
            "A net that cannot learn one batch by heart learns nothing else: look at gradients, rate and "
            "signal first.";
    } else if (share > 0.1) {
        finding.verdict = Verdict::notice;
        finding.advice =
            "One batch is not known by heart yet: with more steps or a larger rate it should be.";
    }
    return finding;
}

std::optional<Network> half_as_wide(const Network& network) {
    std::vector<std::unique_ptr<Layer>> layers;
    const auto half = [&](std::size_t width, std::size_t l) {
        return l == network.depth() ? width : std::max<std::size_t>(width / 2, 1);
    };
    std::size_t in = network.in();
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        const Layer& layer = network.layer(l);
        if (const auto* sampling = dynamic_cast<const Sampling*>(&layer)) {
            layers.push_back(std::make_unique<Sampling>(in / 2, sampling->beta));
        } else if (dynamic_cast<const Dense*>(&layer)) {
            const bool before_sampling =
                l < network.depth() && dynamic_cast<const Sampling*>(&network.layer(l + 1));
            layers.push_back(std::make_unique<Dense>(
                in, before_sampling ? 2 * half(layer.out() / 2, l) : half(layer.out(), l), layer.name,
                layer.activation));
        } else {
            return std::nullopt;
        }
        layers.back()->name = layer.name;
        layers.back()->activation = layer.activation;
        in = layers.back()->out();
    }
    return Network(std::move(layers));
}

std::optional<Finding> examine_capacity(const Patient& patient, std::size_t steps) {
    std::optional<Network> half = half_as_wide(patient.network);
    if (!half) {
        return std::nullopt;
    }
    Patient narrow{*half,       patient.X, patient.T, patient.loss, patient.optimizer, patient.batch_size,
                   patient.seed};
    Rng rng(patient.seed);
    initialize(narrow.network, Initialization::layer_scaled, rng);
    const auto learned = [&](const Patient& p) {
        return excess_loss(train_some_steps(p, p.X, p.T, steps).network, p.X, p.T, p.loss);
    };
    const double wide = learned(patient), thin = learned(narrow);
    Finding finding{"capacity",
                    Verdict::well,
                    "loss " + to_text(wide, 3) + ", with half the units " + to_text(thin, 3),
                    {}};
    if (!(wide < 1.5 * thin)) {  // the larger one may need some more steps
        finding.verdict = Verdict::wrong;
        finding.advice =
            "More units make it worse: the rate is too large for them, or their gradients are wrong.";
    }
    return finding;
}

Finding examine_divergence(const Course& course) {
    Finding finding{"first number that is none",
                    Verdict::well,
                    "none in " + std::to_string(course.losses.size()) + " steps",
                    {}};
    if (const auto& d = course.divergence) {
        finding.verdict = Verdict::wrong;
        finding.number =
            "step " + std::to_string(course.losses.size() + 1) + ", epoch " + std::to_string(course.epoch) +
            (d->sample && !d->of_step_before ? ", sample " + std::to_string(course.sample) : "") + ": " +
            d->message() + (course.fed.empty() ? "" : "; " + course.fed);
        finding.advice =
            d->grew
                ? "Numbers grew without bound: take a smaller learning rate, or weights that start smaller."
                : "One computation made it: look for a log or a root of 0, a division by 0, or a NaN in the "
                  "data.";
    }
    return finding;
}

}  // namespace hourglass
