// Each diagnosis twice: of an illness that is planted, and of a healthy net, which it must not accuse.

#include "hourglass/analysis/doctor.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hourglass/core/text.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "testing.hpp"

namespace hourglass::doctor_tests {  // names of its own, for several files are compiled together

using testing::contains;
using Kind = Activation::Kind;

namespace {

constexpr std::size_t samples = 8, pixels = 12;

/// Black and white patterns through a code of four numbers.
Patient healthy(const Activation& hidden = {Kind::tanh}, const Activation& output = {Kind::tanh},
                Loss loss = Loss::cross_entropy, std::uint64_t seed = 1) {
    Rng rng(seed);
    const std::vector<std::size_t> widths = {pixels, 10, 4};
    Matrix X(samples, pixels);
    for (std::size_t i = 0; i < samples; ++i) {
        for (std::size_t k = 0; k < pixels; ++k) {
            const bool black = k < 3 ? (i >> k) % 2 == 0 : rng.uniform() < 0.5;  // no two samples are the same
            X(i, k) = black ? (output.kind == Kind::sigmoid ? 0 : -1) : 1;
        }
    }
    Autoencoder net =
        mirrored_autoencoder(widths, {hidden, {Kind::identity}, output}, Initialization::layer_scaled, rng);
    return {net, X, X, loss, {.name = "adam", .learning_rate = 0.01}, 4, seed};
}

void scale_weights(Patient& patient, double factor) {
    for (Parameter& p : patient.network.parameters()) {
        for (Scalar& value : p.value) {
            value *= static_cast<Scalar>(factor);
        }
    }
}

void check_well(const Finding& finding) {
    CAPTURE(finding.topic);
    CAPTURE(finding.number);
    CHECK(finding.verdict != Verdict::wrong);
    CHECK_FALSE(finding.number.empty());
}

void check_wrong(const Finding& finding, const std::string& number) {
    CAPTURE(finding.topic);
    CAPTURE(finding.number);
    CHECK(finding.verdict == Verdict::wrong);
    CHECK(contains(finding.number, number));
    CHECK_FALSE(finding.advice.empty());
}

/// A dense layer that gives back minus its dX.
class WrongSign final : public Layer {
public:
    explicit WrongSign(const Dense& right) : right_(right) {
        name = right.name;
        activation = right.activation;
    }
    std::size_t in() const override { return right_.in(); }
    std::size_t out() const override { return right_.out(); }
    std::string description() const override { return right_.description(); }
    std::vector<Parameter> parameters() override { return right_.parameters(); }
    void forward(Matrix& Z, Pass& pass, const Matrix& X) const override { right_.forward(Z, pass, X); }
    void backward(const Matrix& dZ, Pass& pass, const Matrix& X) override { right_.backward(dZ, pass, X); }
    void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const override {
        right_.backward_input(dX, dZ, pass, X);
        for (Scalar& dx : dX.flat()) {
            dx = -dx;
        }
    }
    std::unique_ptr<Layer> copy() const override { return std::make_unique<WrongSign>(*this); }

private:
    Dense right_;
};

}  // namespace

TEST_CASE("doctor: a healthy net is accused of nothing") {
    struct Healthy {
        Activation hidden, output;
        Loss loss;
    };
    const std::vector<Healthy> all = {{{Kind::tanh}, {Kind::tanh}, Loss::cross_entropy},
                                      {{Kind::tanh}, {Kind::tanh}, Loss::mean_squared_error},
                                      {{Kind::leaky_relu}, {Kind::sigmoid}, Loss::cross_entropy},
                                      {{Kind::relu}, {Kind::sigmoid}, Loss::mean_squared_error},
                                      {{Kind::sigmoid}, {Kind::tanh}, Loss::cross_entropy},
                                      {{Kind::identity}, {Kind::identity}, Loss::mean_squared_error},
                                      {{Kind::tanh}, {Kind::identity}, Loss::mean_absolute_error}};
    const std::uint64_t seeds = testing::scalar_is_double ? 1 : 5;  // a debug build is slow
    for (const Healthy& h : all) {
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            CAPTURE(name_of(h.hidden) + ", " + name_of(h.output) + ", " + std::string(name_of(h.loss)));
            CAPTURE(seed);
            const Patient patient = healthy(h.hidden, h.output, h.loss, seed);
            check_well(examine_gradients(patient));
            check_well(examine_first_loss(patient));
            const OneBatch batch = learn_one_batch(patient, 400);
            check_well(examine_input(batch));
            check_well(examine_overfitting(batch));
            check_well(*examine_capacity(patient, 300));
            const Course course = train_some_steps(patient, patient.X, patient.T, 100);
            check_well(examine_divergence(course));
            check_well(examine_signal(measure_signal(patient, patient.network), "at first"));
            check_well(examine_signal(measure_signal(patient, course.network), "later", true));
            check_well(examine_learning_rate(test_learning_rates(patient, 100), 0.01));
            for (const Finding& finding : examine_data({.X = patient.X, .T = patient.T}, h.output)) {
                check_well(finding);
            }
        }
    }
}

TEST_CASE("doctor: other layers, and the schedules, are right here") {
    check_well(examine_other_layers());
    for (const Schedule::Kind kind :
         {Schedule::Kind::constant, Schedule::Kind::step, Schedule::Kind::cosine}) {
        const Schedule schedule{.kind = kind, .step_epochs = 3, .step_factor = 0.5};
        check_well(examine_schedule(schedule, 0.003, 100));
        check_well(examine_schedule(schedule, 0.003, 0));
        check_well(examine_schedule(schedule, 0.003, 1'000'000'000));  // not one after the other
    }
    check_wrong(examine_schedule({.kind = Schedule::Kind::step, .step_epochs = 3, .step_factor = 1.5}, 0.003, 9),
                "the rate of epoch 4 is 0.0045, larger than that of epoch 1");
}

TEST_CASE("doctor: the mistake in a gradient is what it says first") {
    Patient patient = healthy();
    std::vector<std::unique_ptr<Layer>> layers;
    for (std::size_t l = 1; l <= patient.network.depth(); ++l) {
        const auto& dense = patient.network.as<Dense>(l);
        layers.push_back(l == 2 ? std::unique_ptr<Layer>(std::make_unique<WrongSign>(dense)) : dense.copy());
    }
    patient.network = Network(std::move(layers));
    const Finding finding = examine_gradients(patient);
    check_wrong(finding, "encoder.1: dX fits \"the wrong sign\"");
    CHECK(finding.number.starts_with("encoder.1"));
    CHECK(contains(finding.advice, "central differences say"));

    Patient silent = healthy();
    scale_weights(silent, 0);
    silent.T = silent.X = Matrix(samples, pixels);
    check_wrong(examine_gradients(silent), "all of them are zero");
}

TEST_CASE("doctor: an optimizer beside its equations") {
    check_well(examine_optimizer({.name = "adam"}));
    check_well(examine_optimizer({.name = "sgd", .momentum = 0.9}));
    check_wrong(examine_optimizer({.name = "sgd", .momentum = 0.9},
                                  [](std::vector<Parameter> p, OptimizerOptions o) {
                                      o.momentum = 0;
                                      return make_optimizer(std::move(p), o);
                                  }),
                "sgd: step 2 fits \"the velocity not kept: momentum forgotten\"");
}

TEST_CASE("doctor: the first loss is that of outputs that know nothing") {
    Patient patient = healthy();
    scale_weights(patient, 0);
    CHECK(examine_first_loss(patient).number == to_text(pixels * std::log(2.0), 3) +
                                                    ", where outputs of f(0) have " +
                                                    to_text(pixels * std::log(2.0), 3));
    patient = healthy();
    scale_weights(patient, 20);
    check_wrong(examine_first_loss(patient), "where outputs of f(0) have");
    patient = healthy();
    patient.network = train_some_steps(patient, patient.X, patient.T, 400).network;
    check_wrong(examine_first_loss(patient), "where outputs of f(0) have");  // it has seen these before
}

TEST_CASE("doctor: a net whose input says nothing does no better than with zeros") {
    Patient patient = healthy();
    patient.X = Matrix(samples, pixels, 1);
    check_wrong(examine_input(learn_one_batch(patient, 200)), "with inputs of zeros");
}

TEST_CASE("doctor: a net that hardly moves does not learn one batch by heart") {
    Patient patient = healthy();
    patient.optimizer.learning_rate = 1e-7;
    check_wrong(examine_overfitting(learn_one_batch(patient, 100)), "% of the first loss is left");
    check_wrong(examine_overfitting({.losses = {1, NAN}, .zeroed = {}, .first = 1, .last = NAN}),
                "the loss is no number any more");
}

TEST_CASE("doctor: a wide net that is stuck does worse than one of half the width") {
    Patient patient = healthy();
    scale_weights(patient, 100);
    check_wrong(*examine_capacity(patient, 100), "with half the units");
    const auto half = half_as_wide(patient.network);
    REQUIRE(half);
    CHECK(half->widths() == std::vector<std::size_t>{pixels, 5, 2, 5, pixels});
    const std::vector<std::size_t> widths = {pixels, 8, 4};
    CHECK(half_as_wide(variational_autoencoder(widths, 1))->widths() ==
          std::vector<std::size_t>{pixels, 4, 4, 2, 4, pixels});
    std::vector<std::unique_ptr<Layer>> layers;
    layers.push_back(std::make_unique<Convolution>(Window({4, 3, 1}, 2, 2), 2));
    CHECK_FALSE(half_as_wide(Network(std::move(layers))));
}

TEST_CASE("doctor: the data") {
    Rng rng(5);
    const Matrix X = testing::random_matrix(50, 6, rng), test = testing::random_matrix(20, 6, rng);
    std::vector<std::size_t> labels(50);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        labels[i] = i % 2;
    }
    const auto find = [](const DataSet& data, const Activation& f, const std::string& topic) {
        const std::vector<Finding> findings = examine_data(data, f);
        const auto found = std::ranges::find(findings, "data: " + topic, &Finding::topic);
        REQUIRE(found != findings.end());
        return *found;
    };
    const DataSet good = {X, X, labels, test};
    for (const Finding& finding : examine_data(good, {Kind::identity})) {
        check_well(finding);
        CHECK(finding.verdict == Verdict::well);
    }
    CHECK(examine_data(good, {Kind::identity}).size() == 7);

    DataSet bad = good;
    bad.X(3, 2) = std::numeric_limits<Scalar>::quiet_NaN();
    check_wrong(find(bad, {}, "numbers"), "sample 3, column 2");
    bad = good;
    std::ranges::copy(X.row(4), bad.X.row(9).begin());
    check_wrong(find(bad, {}, "duplicates"), "1 of 50 samples are there before, such as 9, the same as 4");
    bad = good;
    for (std::size_t i = 0; i < 50; ++i) {
        bad.X(i, 0) = 1;
    }
    CHECK(find(bad, {}, "constant columns").verdict == Verdict::notice);
    CHECK(find(bad, {}, "constant columns").number == "1 of 6 columns never change");
    bad.X = Matrix(50, 6, 1);
    check_wrong(find(bad, {}, "constant columns"), "6 of 6");
    check_wrong(find(bad, {}, "nearest pair"), "no two samples differ");
    check_wrong(find(good, {Kind::sigmoid}, "range of the targets"), "outside of what sigmoid can give");
    bad = good;
    std::ranges::fill(bad.labels, 0);
    bad.labels[7] = 1;
    check_wrong(find(bad, {}, "balance of the labels"), "2 classes of 1 to 49 samples");
    bad = good;
    std::ranges::copy(X.row(4), bad.test.row(9).begin());
    check_wrong(find(bad, {}, "training samples in the test"), "1 of 20 test samples were trained on");
    bad = good;
    bad.X(1, 0) = bad.X(0, 0) + Scalar(0.001);
    for (std::size_t k = 1; k < 6; ++k) {
        bad.X(1, k) = bad.X(0, k);
    }
    CHECK(find(bad, {}, "nearest pair").verdict == Verdict::notice);
    CHECK(find(bad, {}, "nearest pair").number.starts_with("0 and 1 of 50 looked at, 0.001 apart"));
}

TEST_CASE("doctor: a signal that is lost on the way, and which layer loses it") {
    const auto finding_of = [](const Patient& patient) {
        return examine_signal(measure_signal(patient, patient.network), "now");
    };
    Patient saturated = healthy();
    for (Scalar& w : saturated.network.as<Dense>(1).W.flat()) {
        w *= 100;
    }
    check_wrong(finding_of(saturated), "encoder.0: ");
    Patient dead = healthy({Kind::relu});
    std::ranges::fill(dead.network.as<Dense>(3).b, Scalar{-100});
    check_wrong(finding_of(dead), "decoder.0: 100 % of it is saturated or dead");
    Patient vanishing = healthy();
    scale_weights(vanishing, 1e-3);
    check_wrong(finding_of(vanishing), "encoder.0: dZ of size");
    Patient hasty = healthy();
    hasty.optimizer.learning_rate = 1;
    check_wrong(finding_of(hasty), "one step moves W by");
    const std::vector<LayerSignal> layers = measure_signal(healthy(), healthy().network);
    CHECK(layers.size() == 4);
    CHECK(layers[1].z_spread == doctest::Approx(layers[1].a_spread));  // the code is linear
}

TEST_CASE("doctor: the range test finds rates at which the loss falls, and those at which it grows") {
    const Patient patient = healthy();
    const RangeTest test = test_learning_rates(patient, 150);
    CHECK(test.suggestion > 1e-3);
    CHECK(test.suggestion < 0.3);
    CHECK(test.largest > test.suggestion);
    CHECK(test.losses.size() == test.rates.size());
    check_wrong(examine_learning_rate(test, 10), "the range test suggests about");
    check_wrong(examine_learning_rate(test, 1e-9), "1e-09");
}

TEST_CASE("doctor: the first number that is none, and what fed it") {
    Patient patient = healthy();
    patient.X(3, 2) = std::numeric_limits<Scalar>::quiet_NaN();
    check_wrong(examine_divergence(train_some_steps(patient, patient.X, patient.T, 20)),
                "epoch 1, sample 3: the input is not a number");
    patient = healthy({Kind::identity}, {Kind::identity}, Loss::mean_squared_error);
    patient.optimizer = {.name = "sgd", .learning_rate = 1e3};
    const Finding finding = examine_divergence(train_some_steps(patient, patient.X, patient.T, 100));
    check_wrong(finding, "step ");
    CHECK(contains(finding.number, " is up to "));
    CHECK(contains(finding.advice, "smaller learning rate"));
}

}  // namespace hourglass::doctor_tests
