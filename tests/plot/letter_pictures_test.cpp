#include "hourglass/plot/letter_pictures.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "hourglass/nn/layers/dense.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using testing::bytes_of;
using testing::contains;
using testing::TemporaryFolder;

/// Letters of two pixels: one of ink beside paper, one of ink alone.
Font two_letters() {
    return {"tiny.txt", 2, 1, {{0x61, "a", {1, -1}}, {0x62, "b", {1, 1}}}};
}

/// How often a part stands in a text.
std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) {
        ++n;
    }
    return n;
}

}  // namespace

TEST_CASE("wrong_pixels_chart: counts after each epoch, with a mark where no letter has two wrong pixels any more") {
    std::vector<PixelErrors> pixels(4);
    pixels[0] = {.total = 9, .worst = 1};  // before the first epoch: it does not count
    pixels[1] = {.total = 8, .worst = 5};
    pixels[2] = {.total = 2, .worst = 1};
    const StackedChart chart = wrong_pixels_chart(pixels);
    CHECK(chart.curves.front().values == std::vector<double>{8, 2, 0});
    CHECK(chart.curves.front().marked_epoch == 2);
    CHECK_FALSE(wrong_pixels_chart({pixels[0], pixels[1]}).curves.front().marked_epoch);
}

TEST_CASE("draw_reconstructed_letters: counts the wrong pixels, each letter's below it") {
    const TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_reconstructed_letters(pictures, two_letters(), {{1, 1}, {Scalar{0.5}, 1}});
    const std::string script = bytes_of(folder.path() / "reconstruction.gp");
    CHECK(contains(script, "Outlined: the 1 wrong pixels."));
    CHECK(count(script + bytes_of(folder.path() / "reconstruction.dat"), "1 wrong\"") == 1);
    draw_reconstructed_letters(pictures, two_letters(), two_letters().pixels());
    CHECK(contains(bytes_of(folder.path() / "reconstruction.gp"), "All letters exact"));
}

TEST_CASE("draw_denoised_letters: two rows for each level, and below a letter how many of its pixels are wrong") {
    std::vector<std::unique_ptr<Layer>> layers;
    for (int l = 0; l < 2; ++l) {
        layers.push_back(std::make_unique<Dense>(2, 2));
    }
    Autoencoder same(std::move(layers), 1);
    same.as<Dense>(1).W = same.as<Dense>(2).W = {{1, 0}, {0, 1}};
    const TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    // Of the two levels one changes nothing, and one every pixel.
    draw_denoised_letters(pictures, two_letters(), {.levels = {0, 1}}, same, Rng(1));
    const std::string all = bytes_of(folder.path() / "denoised.gp") + bytes_of(folder.path() / "denoised.dat");
    CHECK(contains(all, "noisy, p = 0"));
    CHECK(contains(all, "noisy, p = 1"));
    CHECK(count(all, "\"2\"") == 2);
    CHECK(count(all, "\"1\"") == 0);
}

TEST_CASE("draw_recovery: percent of the letters over the level of the noise") {
    const TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_recovery(pictures, "recovery", "Recovered", {.levels = {0.125, 0.25}},
                  {{"network", "the network", {{.exact = 0.75}, {.exact = 0.5}}}, {"ideal", "the ideal", {{1}, {1}}}});
    const std::string data = bytes_of(folder.path() / "recovery.dat");
    CHECK(contains(data, "0.125 75\n"));
    CHECK(contains(data, "0.25 50\n"));
    CHECK(contains(bytes_of(folder.path() / "recovery.gp"), "noise: probability that a pixel flips"));
}

TEST_CASE("draw_confused_pairs: each pair by both distances, each with its note") {
    const TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_confused_pairs(pictures, "Pairs", {{0}, {1}, {2.5}, {7}, {0.125}}, "Spearman -1", "Spearman 0");
    const std::string data = bytes_of(folder.path() / "neighbours.dat");
    CHECK(contains(data, "2.5 0.125"));
    CHECK(contains(data, "7 0.125"));
    const std::string script = bytes_of(folder.path() / "neighbours.gp");
    CHECK(script.find("Spearman -1") < script.find("Spearman 0"));
}

TEST_CASE("draw_saturation: the saturated pixels stand below all that are wrong") {
    const TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_saturation(pictures, 3, {{"mse", {9, 8}, {}, {}, {}}}, {{"mse", {4, 5}, {}, {}, {}}});
    const std::string script = bytes_of(folder.path() / "losses_saturation.gp");
    CHECK(script.find("mean of 3 seeds") < script.find("output is saturated"));
}

}  // namespace hourglass
