#include "hourglass/analysis/latent.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using doctest::Approx;

/// A net made by hand: z = (x_0, x_1); y_0 and y_1 have the signs of z_0 and z_1, y_2 and y_3 those
/// of z_0 - 1/2 and z_1 - 1/2, all the crisper the greater `gain`.
Autoencoder hand_made(Scalar gain) {
    const std::array<std::size_t, 2> widths = {4, 2};
    Autoencoder model = mirrored_autoencoder(widths, {.latent = {Activation::Kind::identity}});
    Dense& encoder = model.as<Dense>(1);
    Dense& decoder = model.as<Dense>(2);
    encoder.W(0, 0) = encoder.W(1, 1) = 1;
    decoder.W(0, 0) = decoder.W(1, 1) = decoder.W(2, 0) = decoder.W(3, 1) = gain;
    decoder.b = {0, 0, -gain / 2, -gain / 2};
    return model;
}

// Their codes are (1, 1) and (-1, -1). Of the 9 images on the square between, 7 are new: 3 are 2 pixels
// from the nearest sample, 4 are 1 pixel from it.
const Matrix two_samples = {{1, 1, 1, 1}, {-1, -1, -1, -1}};

std::vector<std::size_t> distances(const std::vector<NewSample>& samples) {
    std::vector<std::size_t> result;
    for (const NewSample& sample : samples) {
        result.push_back(sample.nearest.distance);
    }
    return result;
}

}  // namespace

TEST_CASE("bounding_box: is around the codes with its margin on each side") {
    const Matrix codes = {
        {0, 5, 99}, {4, -5, -99}, {1, 0, 0}};  // the third component plays no part
    const LatentBox tight = bounding_box(codes, 0);
    CHECK(tight.x_min == 0);
    CHECK(tight.x_max == 4);
    CHECK(tight.y_min == -5);
    CHECK(tight.y_max == 5);
    const LatentBox wide = bounding_box(codes, 0.25);
    CHECK(wide.x_min == -1);
    CHECK(wide.x_max == 5);
    CHECK(wide.y_min == -7.5);
    CHECK(wide.y_max == 7.5);
    CHECK(wide.width() == 6);
    CHECK(wide.height() == 15);
}

TEST_CASE("bounding_box: of codes on a line still has a width and a height") {
    const LatentBox box = bounding_box({{2, 1}, {2, 3}}, 0.5);
    CHECK(box.x_min == 1.5);
    CHECK(box.x_max == 2.5);
    CHECK(box.y_min == 0);
    CHECK(box.y_max == 4);
}

TEST_CASE("grid_codes: through a code keep all its components but the first two") {
    const Matrix code = {{9, 9, 7, 8}};
    const Matrix codes = grid_codes({0, 2, 0, 2}, 2, 1, code.row(0));
    CHECK(codes == Matrix{{0.5, 1, 7, 8}, {1.5, 1, 7, 8}});
}

TEST_CASE("grid_codes: are the centres of the cells row after row from the top left") {
    const Matrix codes = grid_codes({0, 6, 0, 4}, 3, 2);
    CHECK(codes == Matrix{{1, 3}, {3, 3}, {5, 3}, {1, 1}, {3, 1}, {5, 1}});
}

TEST_CASE("line_codes: go from one end to the other in equal steps") {
    const Vector from = {0, 8, -1}, to = {4, 0, -1};
    CHECK(line_codes(from, to, 5) ==
          Matrix{{0, 8, -1}, {1, 6, -1}, {2, 4, -1}, {3, 2, -1}, {4, 0, -1}});
    CHECK(line_codes(from, to, 2) == Matrix{{0, 8, -1}, {4, 0, -1}});
}

TEST_CASE("line_codes: the ends are the codes bit for bit") {
    Rng rng(1);
    const Matrix ends = testing::random_matrix(2, 2, rng);
    const Matrix codes = line_codes(ends.row(0), ends.row(1), 11);
    CHECK(std::ranges::equal(codes.row(0), ends.row(0)));
    CHECK(std::ranges::equal(codes.row(10), ends.row(1)));
}

TEST_CASE("nearest_sample: is the one with the fewest pixels on the other side of zero") {
    const Matrix X = {{1, 1, 1, 1}, {-1, -1, -1, -1}, {1, 1, -1, -1}, {1, 1, -1, -1}};
    const Vector near_third = {Scalar(0.1), 1, -1, Scalar(-0.1)};
    CHECK(nearest_sample(near_third, X).sample == 2);  // the first of two that are equal
    CHECK(nearest_sample(near_third, X).distance == 0);
    const Vector between = {-1, Scalar(0.5), -1, -1};
    CHECK(nearest_sample(between, X).sample == 1);
    CHECK(nearest_sample(between, X).distance == 1);
    const Vector opposite = {-1, -1, -1, -1};
    CHECK(nearest_sample(opposite, Matrix{{1, 1, 1, 1}}).distance == 4);
}

TEST_CASE("new_samples: finds every new image of a plane and the most novel first") {
    const auto samples = new_samples(hand_made(200), two_samples, 100, 0.9, 1);
    CHECK(distances(samples) == std::vector<std::size_t>{2, 2, 2, 1, 1, 1, 1});
}

TEST_CASE("new_samples: each is what its code decodes to and says what it is nearest to") {
    const Autoencoder model = hand_made(200);
    const Matrix codes = model.encode(two_samples);
    const auto samples = new_samples(model, two_samples, 100, 0.9, 1);
    REQUIRE(!samples.empty());
    for (const NewSample& sample : samples) {
        REQUIRE(sample.code.size() == 2);
        CHECK(std::abs(sample.code[0]) < 1);  // between the codes
        CHECK(std::abs(sample.code[1]) < 1);
        const Matrix decoded = model.decode({{sample.code[0], sample.code[1]}});
        for (std::size_t j = 0; j < 4; ++j) {
            CHECK(static_cast<double>(sample.image[j]) ==
                  Approx(static_cast<double>(decoded(0, j))).epsilon(1e-5));
        }
        const Nearest nearest = nearest_sample(sample.image, two_samples);
        CHECK(sample.nearest.sample == nearest.sample);
        CHECK(sample.nearest.distance == nearest.distance);
        CHECK(sample.nearest.distance > 0);
        const double dx = static_cast<double>(sample.code[0] - codes(nearest.sample, 0));
        const double dy = static_cast<double>(sample.code[1] - codes(nearest.sample, 1));
        CHECK(sample.latent_distance == Approx(std::hypot(dx, dy)).epsilon(1e-5));
    }
}

TEST_CASE("new_samples: are at most as many as asked for and the best of them") {
    const Autoencoder model = hand_made(200);
    CHECK(distances(new_samples(model, two_samples, 4, 0.9, 1)) ==
          std::vector<std::size_t>{2, 2, 2, 1});
    CHECK(new_samples(model, two_samples, 0, 0.9, 1).empty());
}

TEST_CASE("new_samples: are as far apart as asked for") {
    const Autoencoder model = hand_made(200);
    for (const std::size_t apart : {1u, 2u, 3u, 4u}) {
        const auto samples = new_samples(model, two_samples, 100, 0.9, apart);
        CHECK(!samples.empty());
        for (std::size_t i = 0; i < samples.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                CHECK(wrong_pixels(samples[i].image, samples[j].image) >= apart);
            }
        }
    }
    CHECK(new_samples(model, two_samples, 100, 0.9, 4).size() == 2);  // (+-+-) and (-+-+)
    CHECK(new_samples(model, two_samples, 100, 0.9, 5).size() == 1);
}

TEST_CASE("new_samples: are crisp or not there") {
    CHECK(new_samples(hand_made(Scalar(0.5)), two_samples, 100).empty());
    CHECK(!new_samples(hand_made(Scalar(0.5)), two_samples, 100, 0, 1).empty());
    for (const NewSample& sample : new_samples(hand_made(20), two_samples, 100, 0.99, 1)) {
        double size = 0;
        for (const Scalar y : sample.image) {
            size += std::abs(static_cast<double>(y)) / 4;
        }
        CHECK(size >= 0.99);
    }
    CHECK(!new_samples(hand_made(20), two_samples, 100, 0.99, 1).empty());
}

TEST_CASE("new_samples: there are none where the plane decodes to training samples alone") {
    const Matrix all_nine = {{-1, -1, -1, -1}, {1, -1, -1, -1}, {1, -1, 1, -1},
                             {-1, 1, -1, -1},  {1, 1, -1, -1},  {1, 1, 1, -1},
                             {-1, 1, -1, 1},   {1, 1, -1, 1},   {1, 1, 1, 1}};
    CHECK(new_samples(hand_made(200), all_nine, 100, 0.9, 1).empty());
}

TEST_CASE("decode_in_blocks: is decode, block after block") {
    Rng rng(1);
    const std::array<std::size_t, 3> widths = {3, 40000, 2};
    const Autoencoder model = mirrored_autoencoder(widths, {}, Initialization::layer_scaled, rng);
    const Matrix points = grid_codes({-2, 2, -1, 1}, 12, 5);  // (60, 2): blocks of 52 and 8
    const Matrix whole = model.decode(points), blocks = decode_in_blocks(model, points);
    REQUIRE(blocks.rows() == 60);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        CHECK(blocks.flat()[i] == Approx(whole.flat()[i]).epsilon(1e-4));
    }
}

TEST_CASE("decoded_samples: says what a code decodes to and which sample is nearest") {
    Autoencoder model = mirrored_autoencoder(std::vector<std::size_t>{3, 2}, {.output = {Activation::Kind::identity}});
    model.as<Dense>(1).W(0, 0) = model.as<Dense>(1).W(1, 1) = 1;  // a code is the first two pixels
    model.as<Dense>(2).W(0, 0) = model.as<Dense>(2).W(1, 1) = 1;
    const Matrix X = {{1, 1, -1}, {-1, -1, -1}};
    const auto samples = decoded_samples(model, X, Matrix{{-1, 2}, {4, 5}});
    REQUIRE(samples.size() == 2);
    CHECK(samples[1].code == std::vector<Scalar>{4, 5});
    CHECK(samples[1].image == Vector{4, 5, 0});
    CHECK(samples[1].nearest.sample == 0);
    CHECK(samples[1].nearest.distance == 0);
    CHECK(samples[1].latent_distance == doctest::Approx(5));
    CHECK(samples[0].nearest.distance == 1);
    CHECK(decoded_samples(model, X, Matrix(0, 2)).empty());
}

}  // namespace hourglass
