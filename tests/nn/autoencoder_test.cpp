#include "hourglass/nn/autoencoder.hpp"

#include <doctest/doctest.h>

#include <array>

#include "nn/testing.hpp"

namespace hourglass {

using testing::Kind;

namespace {

const std::array<std::size_t, 3> widths = {7, 5, 2};
const AutoencoderActivations activations = {
    .hidden = {Kind::tanh}, .latent = {Kind::identity}, .output = {Kind::sigmoid}};

Autoencoder make_autoencoder(std::uint64_t seed) {
    Rng rng(seed);
    return mirrored_autoencoder(widths, activations, Initialization::layer_scaled, rng);
}

}  // namespace

TEST_CASE("Autoencoder: the decoder mirrors the encoder") {
    const Autoencoder model = mirrored_autoencoder(widths, activations);
    CHECK(model.widths() == std::vector<std::size_t>{7, 5, 2, 5, 7});
    CHECK(model.depth() == 4);
    CHECK(model.in() == 7);
    CHECK(model.out() == 7);
    CHECK(model.parameter_count() == (7 * 5 + 5) + (5 * 2 + 2) + (2 * 5 + 5) + (5 * 7 + 7));
    const std::array<std::string, 4> names = {"encoder.0", "encoder.1", "decoder.0", "decoder.1"};
    for (std::size_t l = 1; l <= 4; ++l) {
        CHECK(model.layer(l).name == names[l - 1]);
    }
}

TEST_CASE("Autoencoder: the hidden and latent and output layers have their activations") {
    const Autoencoder model = mirrored_autoencoder(widths, activations);
    CHECK(model.layer(1).activation == activations.hidden);
    CHECK(model.layer(2).activation == activations.latent);
    CHECK(model.layer(3).activation == activations.hidden);
    CHECK(model.layer(4).activation == activations.output);
}

TEST_CASE("Autoencoder: knows where its latent layer is") {
    const Autoencoder model = mirrored_autoencoder(widths, activations);
    CHECK(model.latent_layer() == 2);
    CHECK(model.latent_size() == 2);

    const std::array<std::size_t, 2> shallow = {6, 3};
    CHECK(mirrored_autoencoder(shallow, activations).latent_layer() == 1);
    CHECK(mirrored_autoencoder(shallow, activations).latent_size() == 3);
    CHECK(mirrored_autoencoder(shallow, activations).layer(1).activation == activations.latent);
    CHECK(mirrored_autoencoder(shallow, activations).layer(2).activation == activations.output);

    const std::array<std::size_t, 4> widening = {2, 9, 4,
                                                 5};  // an hourglass upside down is allowed
    CHECK(mirrored_autoencoder(widening, activations).latent_size() == 5);
    CHECK(mirrored_autoencoder(widening, activations).widths() ==
          std::vector<std::size_t>{2, 9, 4, 5, 4, 9, 2});
}

TEST_CASE("Autoencoder: encode and decode and reconstruct agree with forward") {
    const Autoencoder model = make_autoencoder(1);
    Rng rng(2);
    const Matrix X = testing::random_matrix(6, 7, rng);
    Workspace ws(model);
    model.forward(ws, X);

    const Matrix codes = model.encode(X);
    CHECK(codes.rows() == 6);
    CHECK(codes.cols() == 2);
    CHECK(codes == ws.A[model.latent_layer()]);
    CHECK(model.decode(codes) == ws.Y());
    CHECK(model.reconstruct(X) == ws.Y());
    CHECK(testing::largest_difference(model.reconstruct(X), X) > 0.1);  // not the identity
}

TEST_CASE("Autoencoder: the same seed gives the same parameters and another seed others") {
    const Autoencoder a = make_autoencoder(3), b = make_autoencoder(3), c = make_autoencoder(4);
    for (std::size_t l = 1; l <= a.depth(); ++l) {
        CHECK(a.as<Dense>(l).W == b.as<Dense>(l).W);
        CHECK(a.as<Dense>(l).b == b.as<Dense>(l).b);
        CHECK(a.as<Dense>(l).W != c.as<Dense>(l).W);
        CHECK(a.as<Dense>(l).b != c.as<Dense>(l).b);
    }
}

TEST_CASE("Autoencoder: without a generator all parameters are zero") {
    const Autoencoder model = mirrored_autoencoder(widths, activations);
    CHECK(model.as<Dense>(1).W == Matrix(5, 7));
    CHECK(model.as<Dense>(4).b == Vector(7));
}

TEST_CASE("Autoencoder: widths that make no encoder throw") {
    for (const std::vector<std::size_t>& bad :
         {std::vector<std::size_t>{}, {7}, {7, 0}, {0, 2}, {7, 0, 2}}) {
        const std::string message = testing::error_message([&] { mirrored_autoencoder(bad, activations); });
        CHECK(testing::contains(message, "at least two widths"));
        Rng rng(1);
        CHECK_THROWS_AS(mirrored_autoencoder(bad, activations, Initialization::he, rng), Error);
    }
}

}  // namespace hourglass
