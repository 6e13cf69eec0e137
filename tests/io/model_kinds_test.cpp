// Model files of nets with all kinds of layers.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/io/model_file.hpp"
#include "hourglass/nn/parse_layers.hpp"
#include "safetensors_parts.hpp"
#include "testing.hpp"

namespace hourglass {

using testing::contains;
using testing::error_message;
using testing::Parts;

namespace {

const std::string every_kind =
    "conv(2,3x3,same,no_bias) tanh, max_pool(2x2,s2) identity, batch_norm() relu, dropout(0.5) identity, "
    "upsample(2) identity, conv_transposed(1,2x3,s2) tanh, average_pool(3x3,s2,same) identity, "
    "dense(6,no_bias) sigmoid, sampling(3,0.5) identity, dense(64) tanh";

/// A network with a layer of every kind, all its parameters different.
Network mixed_network() {
    auto layers = parse_layers(every_kind, {8, 8, 1});
    for (std::size_t l = 0; l < layers.size(); ++l) {
        layers[l]->name = "layer." + std::to_string(l);
    }
    Network network(std::move(layers));
    Scalar value = 1;
    for (const Parameter& p : network.parameters()) {
        for (Scalar& v : p.value) {
            v = value;
            value += Scalar{0.125};
        }
    }
    return network;
}

}  // namespace

TEST_CASE("model file: a network with layers of every kind is read as it was written") {
    const std::string bytes = model_bytes(mixed_network(), 5, 6);
    Network read = network_from_bytes(bytes).model, written = mixed_network();
    CHECK(model_bytes(read, 5, 6) == bytes);
    CHECK(read.predict(Matrix(2, 64, 1)) == written.predict(Matrix(2, 64, 1)));
    const std::vector<Parameter> a = read.parameters(), b = written.parameters();
    REQUIRE(a.size() == b.size());
    for (std::size_t k = 0; k < a.size(); ++k) {
        CHECK(a[k].name == b[k].name);
        CHECK(std::ranges::equal(a[k].value, b[k].value));
    }
}

TEST_CASE("model file: metadata may leave out what comes in, as lists elsewhere") {
    Parts parts(model_bytes(mixed_network(), 5, 6));
    parts.header["__metadata__"]["layers"] = "max_pool(8x8x1,1x1) identity; " + every_kind;
    CHECK_FALSE(error_message([&] { network_from_bytes(parts.bytes()); }).empty());  // a name is missing
    parts.header["__metadata__"].erase("names");
    CHECK(contains(error_message([&] { network_from_bytes(parts.bytes()); }), "no tensor"));
    parts = Parts(model_bytes(mixed_network(), 5, 6));
    std::string list = every_kind;
    list.insert(list.find('(') + 1, "8x8x1,");
    parts.header["__metadata__"]["layers"] = list;
    CHECK(network_from_bytes(parts.bytes()).model.predict(Matrix(2, 64, 1)) ==
          mixed_network().predict(Matrix(2, 64, 1)));
    parts.header["__metadata__"]["layers"] = every_kind;
    CHECK(contains(error_message([&] { network_from_bytes(parts.bytes()); }),
                   "layer layer.0: expected what comes in as well"));
}

TEST_CASE("model file: sizes that lie are refused for each kind before memory is taken") {
    for (const std::string layer :
         {"batch_norm(100000000)", "dense(16000,16000,no_bias)", "batch_norm(1x1x268435456)",
          "batch_norm(99999x99999x99999)", "dropout(99999x99999x99999,0.5)", "upsample(16000x16000x1,16000)",
          "max_pool(16384x16384x1,20000x1)", "sampling(268435456,1)", "sampling(4,-1)", "dropout(4,1)"}) {
        CAPTURE(layer);
        Parts parts(model_bytes(mixed_network(), 5, 6));
        parts.header["__metadata__"] = {{"layers", layer + " tanh; dense(3,4) tanh"}, {"latent_layer", "1"}};
        const std::string message = error_message([&] { network_from_bytes(parts.bytes()); });
        CAPTURE(message);
        CHECK(message.starts_with("layer encoder.0: "));
    }
}

TEST_CASE("model file: a batch norm as PyTorch calls its tensors is read, and a negative variance is not") {
    Parts parts(model_bytes(mixed_network(), 5, 6));
    const std::string norm = "layer.2";
    for (const auto& [ours, theirs] : std::vector<std::pair<std::string, std::string>>{
             {".gamma", ".weight"}, {".beta", ".bias"}, {".running_variance", ".running_var"}}) {
        parts.header[norm + theirs] = parts.header[norm + ours];
        parts.header.erase(norm + ours);
    }
    CHECK(network_from_bytes(parts.bytes()).model.predict(Matrix(2, 64, 1)) ==
          mixed_network().predict(Matrix(2, 64, 1)));
    const std::size_t begin = parts.header[norm + ".running_var"]["data_offsets"][0];
    const Scalar negative = -1;
    std::memcpy(parts.values.data() + begin, &negative, sizeof negative);
    CHECK(contains(error_message([&] { network_from_bytes(parts.bytes()); }),
                   "tensor " + norm + ".running_var: value 0 is negative"));
}

}  // namespace hourglass
