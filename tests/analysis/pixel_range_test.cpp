#include "hourglass/analysis/pixel_range.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "testing.hpp"

namespace hourglass {

TEST_CASE("to_zero_one: paper is 0 and ink is 1 and to_signed is its inverse") {
    const Matrix X = {{-1, 1, 0.5}};
    CHECK(zero_one(X) == Matrix{{0, 1, 0.75}});
    Matrix back;
    to_signed(back, zero_one(X));
    CHECK(back == X);
    Matrix in_place = X;
    to_zero_one(in_place, in_place);
    CHECK(in_place == zero_one(X));
}

TEST_CASE("for_signed_pixels: of pixels in [-1, 1] it says what the network says of the same in [0, 1]") {
    Rng rng(3);
    const AutoencoderActivations activations = {.hidden = {Activation::Kind::tanh},
                                                .output = {Activation::Kind::sigmoid}};
    const Autoencoder model =
        mirrored_autoencoder(std::vector<std::size_t>{4, 3, 2}, activations, Initialization::xavier, rng);
    const Matrix X = {{-1, 1, 1, -1}, {1, 1, -0.5, 0}};
    const Autoencoder same = for_signed_pixels(model);
    CHECK(same.layer(same.depth()).activation.kind == Activation::Kind::tanh);
    Matrix Y;
    to_signed(Y, model.reconstruct(zero_one(X)));
    const Matrix signed_Y = same.reconstruct(X), codes = model.encode(zero_one(X)),
                 signed_codes = same.encode(X);
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t j = 0; j < 4; ++j) {
            CHECK(signed_Y(i, j) == doctest::Approx(Y(i, j)).epsilon(1e-5));
        }
        for (std::size_t j = 0; j < 2; ++j) {
            CHECK(signed_codes(i, j) == doctest::Approx(codes(i, j)).epsilon(1e-5));
        }
    }
}

}  // namespace hourglass
