#include "hourglass/analysis/classifier.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include "hourglass/core/rows.hpp"
#include "hourglass/data/idx.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/minibatches.hpp"
#include "hourglass/nn/network.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "hourglass/nn/schedule.hpp"

namespace hourglass {

std::size_t most_probable_class(std::span<const Scalar> y) {
    return static_cast<std::size_t>(std::ranges::max_element(y) - y.begin());
}

std::vector<std::size_t> most_probable_classes(const Matrix& Y) {
    std::vector<std::size_t> classes(Y.rows());
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        classes[i] = most_probable_class(Y.row(i));
    }
    return classes;
}

double accuracy(const std::vector<std::size_t>& truth, const std::vector<std::size_t>& taken) {
    assert(truth.size() == taken.size() && !truth.empty());
    std::size_t right = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        right += truth[i] == taken[i];
    }
    return static_cast<double>(right) / static_cast<double>(truth.size());
}

std::vector<std::size_t> most_wrongly_taken(const Matrix& Y, const std::vector<std::size_t>& truth,
                                            std::size_t count) {
    const std::vector<std::size_t> taken = most_probable_classes(Y);
    std::vector<std::size_t> wrong;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (taken[i] != truth[i]) {
            wrong.push_back(i);
        }
    }
    std::ranges::stable_sort(wrong, [&](std::size_t i, std::size_t j) { return Y(i, taken[i]) > Y(j, taken[j]); });
    wrong.resize(std::min(count, wrong.size()));
    return wrong;
}

namespace {

/// x = (x - mean) / scale: the mean of each column of `of`, and one scale for all. Each by its own would make as much of
/// the last of the principal components as of the first.
struct Standardization {
    explicit Standardization(const Matrix& of) : mean(of.cols()) {
        for (std::size_t i = 0; i < of.rows(); ++i) {
            for (std::size_t j = 0; j < of.cols(); ++j) {
                mean[j] += static_cast<double>(of(i, j)) / static_cast<double>(of.rows());
            }
        }
        double squares = 0;
        for (std::size_t i = 0; i < of.rows(); ++i) {
            for (std::size_t j = 0; j < of.cols(); ++j) {
                const double difference = static_cast<double>(of(i, j)) - mean[j];
                squares += difference * difference;
            }
        }
        scale = squares > 0 ? std::sqrt(squares / static_cast<double>(of.size())) : 1;
    }

    Matrix operator()(const Matrix& X) const {
        Matrix result(X.rows(), X.cols());
        for (std::size_t i = 0; i < X.rows(); ++i) {
            for (std::size_t j = 0; j < X.cols(); ++j) {
                result(i, j) = static_cast<Scalar>((static_cast<double>(X(i, j)) - mean[j]) / scale);
            }
        }
        return result;
    }

    std::vector<double> mean;
    double scale;
};

Network softmax_layer(std::size_t in, std::size_t classes) {
    std::vector<std::unique_ptr<Layer>> layers;
    layers.push_back(std::make_unique<Dense>(in, classes));
    layers.back()->name = "probe";
    layers.back()->activation = {Activation::Kind::softmax};
    return Network(std::move(layers));
}

}  // namespace

double linear_probe(const Features& train, const Features& test, std::size_t classes,
                    std::uint64_t seed) {
    constexpr std::size_t batch_size = 250;
    const int steps = train.X.rows() <= batch_size ? 300 : 2000;
    const Standardization standardized(train.X);
    const Matrix X = standardized(train.X);
    const Matrix T = one_hot(train.labels, classes);
    Network network = softmax_layer(X.cols(), classes);  // from zero: the loss has one minimum
    const auto adam = make_optimizer(network.parameters(), {.learning_rate = 0.01});
    Minibatches batches(X, T, batch_size);
    Workspace ws(network);
    Rng rng(seed);
    const auto in_epoch = static_cast<int>(batches.count());
    const int epochs = (steps + in_epoch - 1) / in_epoch;
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        adam->set_learning_rate(
            scheduled_learning_rate({.kind = Schedule::Kind::cosine}, 0.01, epoch, epochs));
        for (const Batch& batch : batches.shuffled(rng)) {
            network.forward(ws, batch.X);
            network.loss(ws, batch.T, Loss::cross_entropy);
            network.backward(ws);
            adam->step();
        }
    }
    return accuracy(test.labels, most_probable_classes(network.predict(standardized(test.X))));
}

double few_labels_probe(const Features& train, const Features& test, std::size_t classes, std::uint64_t seed) {
    constexpr std::size_t draws = 5, of_each = 10;
    double sum = 0;
    for (std::size_t draw = 0; draw < draws; ++draw) {
        const auto chosen = few_of_each_class(train.labels, classes, of_each, seed + draw);
        if (chosen.size() < classes * of_each) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        Features few;
        gather_rows(few.X, train.X, chosen);
        std::ranges::transform(chosen, std::back_inserter(few.labels), [&](std::size_t i) { return train.labels[i]; });
        sum += linear_probe(few, test, classes, seed);
    }
    return sum / draws;
}

std::vector<std::size_t> few_of_each_class(const std::vector<std::size_t>& labels, std::size_t classes,
                                           std::size_t count, std::uint64_t seed) {
    std::vector<std::size_t> order(labels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    Rng(seed).shuffle(std::span(order));
    std::vector<std::size_t> taken(classes), chosen;
    for (const std::size_t i : order) {
        if (taken[labels[i]] < count) {
            ++taken[labels[i]];
            chosen.push_back(i);
        }
    }
    return chosen;
}

}  // namespace hourglass
