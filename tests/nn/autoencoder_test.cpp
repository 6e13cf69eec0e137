#include "hourglass/nn/autoencoder.hpp"

#include <doctest/doctest.h>

#include <array>

#include "hourglass/nn/parse_layers.hpp"
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

namespace {

/// "encoder.0 dense(4,2) tanh; ...", and which layer is the latent one.
std::string text(const Autoencoder& model) {
    std::string result = std::to_string(model.latent_layer());
    for (std::size_t l = 1; l <= model.depth(); ++l) {
        const Layer& layer = model.layer(l);
        result += "; " + layer.name + " " + layer.description() + " " + name_of(layer.activation);
    }
    return result;
}

std::string mirrored(const std::string& encoder, const ImageShape& input) {
    return text(mirrored_autoencoder(parse_layers(encoder, input), {Kind::sigmoid}));
}

}  // namespace

TEST_CASE("Autoencoder: a variational one has Sampling as its latent layer, and encodes to mu") {
    Autoencoder model = variational_autoencoder(widths, 0.5, activations);
    CHECK(text(model) ==
          "3; encoder.0 dense(7,5) tanh; encoder.1 dense(5,4) identity; encoder.2 sampling(2,0.5) identity; "
          "decoder.0 dense(2,5) tanh; decoder.1 dense(5,7) sigmoid");
    Rng rng(5);
    initialize(model, Initialization::xavier, rng);
    const Matrix X = testing::random_matrix(3, 7, rng);
    const Matrix mu_and_s = model.apply(1, 2, X), codes = model.encode(X);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(codes(i, 0) == mu_and_s(i, 0));
        CHECK(codes(i, 1) == mu_and_s(i, 1));
    }
    CHECK(model.reconstruct(X) == model.decode(codes));
}

TEST_CASE("Autoencoder: an encoder of any layers is mirrored") {
    CHECK(mirrored("7,5 tanh,2", row_of(7)) == text(mirrored_autoencoder(widths, activations)));
    CHECK(mirrored("conv(3,3x3,s2,same) relu, conv(2,3x3,s2,same) leaky_relu, dense(4)", {8, 8, 1}) ==
          "3; encoder.0 conv(8x8x1,3,3x3,s2,same) relu; encoder.1 conv(4x4x3,2,3x3,s2,same) leaky_relu; "
          "encoder.2 dense(8,4) identity; decoder.0 dense(4,8) leaky_relu; "
          "decoder.1 conv_transposed(2x2x2,3,3x3,s2,same) relu; decoder.2 conv_transposed(4x4x3,1,3x3,s2,same) sigmoid");
    CHECK(mirrored("conv(3,3x3,same,no_bias), batch_norm relu, max_pool(2x2,s2), dropout(0.1), dense(4), sampling(2)",
                   {4, 6, 2}) ==
          "6; encoder.0 conv(4x6x2,3,3x3,same,no_bias) identity; encoder.1 batch_norm(4x6x3) relu; "
          "encoder.2 max_pool(4x6x3,2x2,s2) identity; encoder.3 dropout(2x3x3,0.1) identity; "
          "encoder.4 dense(18,4) identity; encoder.5 sampling(2,1) identity; decoder.0 dense(2,18,no_bias) identity; "
          "decoder.1 batch_norm(2x3x3) relu; decoder.2 upsample(2x3x3,2) identity; "
          "decoder.3 conv_transposed(4x6x3,2,3x3,same) sigmoid");
    CHECK(mirrored("conv(3,3x3,s2,same,no_bias), batch_norm relu, conv(2,3x3,s2,same) tanh, dense(4)", {8, 8, 1}) ==
          "4; encoder.0 conv(8x8x1,3,3x3,s2,same,no_bias) identity; encoder.1 batch_norm(4x4x3) relu; "
          "encoder.2 conv(4x4x3,2,3x3,s2,same) tanh; encoder.3 dense(8,4) identity; decoder.0 dense(4,8) tanh; "
          "decoder.1 conv_transposed(2x2x2,3,3x3,s2,same,no_bias) identity; decoder.2 batch_norm(4x4x3) relu; "
          "decoder.3 conv_transposed(4x4x3,1,3x3,s2,same) sigmoid");
    const auto complaint = [](const std::string& encoder) {
        return testing::error_message([&] { mirrored(encoder, {9, 9, 1}); });
    };
    CHECK(complaint("conv(3,3x3,s2,same), dense(2)") ==
          "conv(9x9x1,3,3x3,s2,same) has no mirror in a decoder: transposed, it gives 10x10x1, expected 9x9x1");
    CHECK(testing::contains(complaint("max_pool(3x3,s2), dense(2)"), "expected windows side by side"));
    CHECK(testing::contains(complaint("max_pool(2x2,s2), dense(2)"), "expected windows side by side"));
    CHECK(testing::contains(complaint("upsample(2), dense(2)"), "upsample(9x9x1,2) has no mirror"));
    CHECK_THROWS_AS(mirrored("dropout(0.1)", row_of(3)), ShapeError);  // nothing is left of it
}

TEST_CASE("Autoencoder: of a list of layers, those after the latent one are the decoder's") {
    const auto of = [](std::size_t latent_layer) {
        return autoencoder_of(parse_layers("9,5,2,2,9 tanh", row_of(9)), latent_layer);
    };
    CHECK(text(of(2)) ==
          "2; encoder.0 dense(9,5) identity; encoder.1 dense(5,2) identity; decoder.0 dense(2,2) identity; "
          "decoder.1 dense(2,9) tanh");
    CHECK(of(3).layer(4).name == "decoder.0");
    CHECK_THROWS_AS(of(0), ShapeError);
    CHECK_THROWS_AS(of(4), ShapeError);
}

}  // namespace hourglass
