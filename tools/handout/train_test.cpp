// The training loops of the exercises, called as the exercises call them.

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "common/training.hpp"
#include "denoising/denoising.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "letters/letters.hpp"

namespace hourglass {
namespace {

/// The options of an exercise with these words on its command line.
template <class Read>
auto options_of(const Read& read_options, std::vector<const char*> words) {
    words.insert(words.begin(), {"test", "--quiet"});
    return *read_options(static_cast<int>(words.size()), words.data());
}

letters::Run train_letters(const std::vector<const char*>& words) {
    return letters::train(options_of(letters::read_options, words));
}

denoising::Run train_denoising(const char* epochs, bool fixed_noise = false) {
    std::vector<const char*> words = {"--sets", "4", "--levels", "0,0.1", "--epochs", epochs};
    if (fixed_noise) {
        words.push_back("--fixed-noise");
    }
    return denoising::train(options_of(denoising::read_options, words));
}

/// Errors that the project's own loop has: the seed decides the weights, the order of the batches and the noise.
void check_errors(const std::string& what, const std::vector<double>& errors, const std::vector<double>& expected) {
    REQUIRE_MESSAGE(errors.size() == expected.size(), what, ": there are errors of ", errors.size(), " epochs, and should be of ",
                    expected.size(), ": next_epoch() begins each, add() takes the loss of each batch down");
    for (std::size_t e = 0; e < expected.size(); ++e) {
        const bool right = std::abs(errors[e] - expected[e]) < 2e-3 * expected[e];
        CHECK_MESSAGE(right, what, ": the error of epoch ", e + 1, " is ", errors[e], ", and should be ", expected[e]);
        if (!right) {
            break;  // what comes after it follows from it
        }
    }
}

/// The first and the last error of a long training.
void check_falls(const std::vector<double>& errors, double times) {
    REQUIRE(errors.size() > 1);
    CHECK_MESSAGE(errors.back() < errors.front() / times, "the error does not fall enough, from ", errors.front(), " to ", errors.back(),
                  ": does every batch see forward, loss, add, backward and step, in this order?");
}

}  // namespace

TEST_CASE("letters: training makes the error small") {
    const letters::Run run = train_letters({"--epochs", "300"});
    check_falls(run.errors, 3);
    CHECK(run.pixels.back().total < run.pixels.front().total / 3);
}

TEST_CASE("letters: the errors are those of forward, loss, backward and step over shuffled batches") {
    check_errors("training with cross-entropy", train_letters({"--epochs", "3"}).errors, {25.0014, 22.2698, 21.2389});
    check_errors("with --loss mse", train_letters({"--epochs", "3", "--loss", "mse"}).errors, {1.03294, 0.889836, 0.834594});
    check_errors("with --output-activation sigmoid, whose pixels are 0 and 1 (t.inputs())",
                 train_letters({"--epochs", "3", "--output-activation", "sigmoid"}).errors, {24.1839, 22.9290, 22.3334});
}

TEST_CASE("letters: the wrong pixels of all letters are counted before training and after each epoch") {
    for (const char* output : {"tanh", "sigmoid"}) {
        const letters::Options options =
            options_of(letters::read_options, {"--epochs", "5", "--output-activation", output});
        const letters::Run run = letters::train(options);
        REQUIRE_MESSAGE(run.pixels.size() == 6, "of 5 epochs there are ", run.pixels.size(),
                        " counts of wrong pixels: count once before the first epoch, and once after each");
        const Matrix X = options.font.pixels();
        const Training untrained(options, X, X);
        const std::size_t last = count_pixel_errors(run.model.reconstruct(X), X).total;
        CHECK_MESSAGE(run.pixels.back().total == last, "with an output of ", output, ", the last count of wrong pixels is ",
                      run.pixels.back().total, ", and should be ", last, " (t.pixels makes pixels of an output)");
        if (output == std::string("tanh")) {
            const std::size_t first = count_pixel_errors(untrained.model.reconstruct(X), X).total;
            CHECK_MESSAGE(run.pixels.front().total == first, "before training, ", run.pixels.front().total,
                          " pixels are counted as wrong, and should be ", first);
        }
    }
}

TEST_CASE("letters: the same seed gives the same errors") {
    CHECK(train_letters({"--epochs", "3"}).errors == train_letters({"--epochs", "3"}).errors);
}

TEST_CASE("letters: a training that diverges says so and ends") {
    const letters::Run run = train_letters({"--epochs", "50", "--learning-rate", "1e30"});
    CHECK_MESSAGE(!run.failure.empty(), "numbers grew without bound, and the training did not end: t.add and t.check_divergence see it");
}

TEST_CASE("denoising: training makes the error of noisy letters small") {
    check_falls(train_denoising("30").errors, 2);
}

TEST_CASE("denoising: inputs are noisy, anew in each epoch unless the noise is fixed, and targets are clean") {
    check_errors("with new noise in each epoch", train_denoising("3").errors, {22.0123, 19.3923, 18.1864});
    check_errors("with --fixed-noise, which distorts before the first epoch alone", train_denoising("3", true).errors,
                 {21.9057, 19.2996, 18.0718});
}

TEST_CASE("denoising: each epoch is tested at each level of noise") {
    const denoising::Run run = train_denoising("3");
    REQUIRE_MESSAGE(run.level_errors.size() == 3, "of 3 epochs, ", run.level_errors.size(), " were tested: ValidationSets::watch");
    REQUIRE(run.level_errors.back().size() == 2);
    check_errors("tested at a level of 0.1", {run.level_errors[0][1], run.level_errors[1][1], run.level_errors[2][1]},
                 {20.2770, 18.5937, 18.0408});
}

}  // namespace hourglass
