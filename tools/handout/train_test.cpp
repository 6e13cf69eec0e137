// The training loops of the exercises, called as the exercises call them.

#include <doctest/doctest.h>

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

letters::Options letters_options(const char* epochs) {
    return options_of(letters::read_options, {"--epochs", epochs});
}

denoising::Options denoising_options(const char* epochs) {
    return options_of(denoising::read_options, {"--sets", "4", "--levels", "0,0.1", "--epochs", epochs});
}

}  // namespace

TEST_CASE("letters: training makes the error small") {
    const letters::Run run = letters::train(letters_options("300"));
    REQUIRE(run.errors.size() == 300);
    CHECK(run.errors.back() < run.errors.front() / 3);
    CHECK(run.pixels.back().total < run.pixels.front().total / 3);
}

TEST_CASE("letters: the wrong pixels of all letters are counted before training and after each epoch") {
    const letters::Options options = letters_options("5");
    const letters::Run run = letters::train(options);
    REQUIRE(run.pixels.size() == 6);
    const Matrix X = options.font.pixels();
    CHECK(run.pixels.back().total == count_pixel_errors(run.model.reconstruct(X), X).total);
    const Training untrained(options, X, X);
    CHECK(run.pixels.front().total == count_pixel_errors(untrained.model.reconstruct(X), X).total);
}

TEST_CASE("letters: the same seed gives the same errors") {
    CHECK(letters::train(letters_options("3")).errors == letters::train(letters_options("3")).errors);
}

TEST_CASE("denoising: training makes the error of noisy letters small") {
    const denoising::Run run = denoising::train(denoising_options("30"));
    REQUIRE(run.errors.size() == 30);
    CHECK(run.errors.back() < run.errors.front() / 2);
}

TEST_CASE("denoising: each epoch is tested at each level of noise") {
    const denoising::Run run = denoising::train(denoising_options("3"));
    REQUIRE(run.level_errors.size() == 3);
    CHECK(run.level_errors.back().size() == 2);
}

}  // namespace hourglass
