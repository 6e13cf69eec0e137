#include "hourglass/nn/parse_layers.hpp"

#include <doctest/doctest.h>

#include "hourglass/core/error.hpp"
#include "hourglass/nn/make_layer.hpp"
#include "nn/testing.hpp"

namespace hourglass {

using testing::contains;
using testing::error_message;

namespace {

/// The full descriptions and activations of what a list comes to.
std::string full(const std::string& list, const ImageShape& input, const Activation& otherwise = {}) {
    std::string text;
    for (const auto& layer : parse_layers(list, input, otherwise)) {
        text += (text.empty() ? "" : "; ") + layer->description() + " " + name_of(layer->activation);
    }
    return text;
}

std::string complaint(const std::string& list, const ImageShape& input = {28, 28, 1}) {
    return error_message([&] { parse_layers(list, input); });
}

}  // namespace

TEST_CASE("parse_layers: shapes flow from layer to layer, and a full list says the same") {
    const std::string list =
        "max_pool(2x2,s2), average_pool(3x3,s2,same) leaky_relu(0.1), upsample(2), batch_norm relu, dropout(0.25), "
        "dense(40), sampling(20), dense(400,no_bias) tanh, 784 sigmoid";
    const std::string expected =
        "max_pool(28x28x1,2x2,s2) identity; average_pool(14x14x1,3x3,s2,same) leaky_relu(0.1); "
        "upsample(7x7x1,2) identity; batch_norm(14x14x1) relu; dropout(14x14x1,0.25) identity; "
        "dense(196,40) identity; sampling(20,1) identity; dense(20,400,no_bias) tanh; dense(400,784) sigmoid";
    CHECK(full(list, {28, 28, 1}) == expected);
    CHECK(full(expected, {28, 28, 1}) == expected);
    for (const auto& layer : parse_layers(list, {28, 28, 1})) {
        CHECK(make_layer(layer->description())->description() == layer->description());
    }
}

TEST_CASE("parse_layers: a convolutional autoencoder, there and back") {
    CHECK(full("conv(16,3x3,s2,same) relu, conv(8,3x3,s2,same) relu, conv_transposed(8,3x3,s2,same) relu, "
               "conv_transposed(16,3x3,s2,same) relu, conv(1,3x3,same) sigmoid",
               {28, 28, 1}) ==
          "conv(28x28x1,16,3x3,s2,same) relu; conv(14x14x16,8,3x3,s2,same) relu; "
          "conv_transposed(7x7x8,8,3x3,s2,same) relu; conv_transposed(14x14x8,16,3x3,s2,same) relu; "
          "conv(28x28x16,1,3x3,same) sigmoid");
    CHECK(full("conv(32,3x3,s2) relu, conv(64,3x3,s2) relu, dense(4), sampling(2), dense(1568) relu, "
               "conv_transposed(7x7x32,64,3x3,s2,same) relu",
               {28, 28, 1}) ==
          "conv(28x28x1,32,3x3,s2) relu; conv(13x13x32,64,3x3,s2) relu; dense(2304,4) identity; sampling(2,1) "
          "identity; dense(2,1568) relu; conv_transposed(7x7x32,64,3x3,s2,same) relu");
    CHECK(complaint("conv(16,3x3,s2,same) relu, conv(8,3x3,s2,same) relu, conv(16,9x9)") ==
          "layer 3 'conv(16,9x9)': a window of 9x9 is larger than its image of 7x7x8: at most 7x7 fits");
    CHECK(complaint("conv(16,3x3,s2) relu, conv(14x14x16,8,3x3)") ==
          "layer 2 'conv(14x14x16,8,3x3)': takes 14x14x16 (3136 numbers) a sample, and 13x13x16 (2704 numbers) come "
          "in: expected the same");
    CHECK(complaint("conv(3x3)") == "layer 1 'conv(3x3)': expected a number of filters from 1 to 268435456, got 3x3; "
                                    "it is written conv([HxWxC,]filters,RxC[,sSTRIDE][,same][,no_bias])");
}

TEST_CASE("parse_layers: plain numbers are dense layers, and the first may be what comes in") {
    CHECK(full("35,20,2", row_of(35)) == "dense(35,20) identity; dense(20,2) identity");
    CHECK(full("35; 20 tanh ;2", row_of(35), {testing::Kind::relu}) == "dense(35,20) tanh; dense(20,2) relu");
    CHECK(full("dropout(0.5), 20, dense(2)", row_of(35), {testing::Kind::relu}) ==
          "dropout(35,0.5) identity; dense(35,20) relu; dense(20,2) identity");
    CHECK(full("28x28x1, 9", {28, 28, 1}) == "dense(784,9) identity");
    CHECK(full("784, 9", {28, 28, 1}) == "dense(784,9) identity");
    CHECK(full("9 tanh", {28, 28, 1}) == "dense(784,9) tanh");
    CHECK(complaint("785,9") == "the list begins with what comes in: expected 28x28x1, got 785");
    CHECK(complaint("784") == "expected at least one layer after what comes in, such as dense(2)");
}

TEST_CASE("parse_layers: a row of units becomes an image where that is said") {
    CHECK(full("dense(50), max_pool(5x5x2,5x5), 3 relu", row_of(9)) ==
          "dense(9,50) identity; max_pool(5x5x2,5x5) identity; dense(2,3) relu");
    CHECK(full("batch_norm(5x5x2)", row_of(50)) == "batch_norm(5x5x2) identity");
    CHECK(complaint("50, upsample(2)", row_of(50)) ==
          "layer 1 'upsample(2)': a row of 50 units comes in: expected its image as well, HEIGHTxWIDTHxCHANNELS");
}

TEST_CASE("parse_layers: what does not fit is named with its layer, and with what would") {
    CHECK(complaint("max_pool(2x2,s2) relu, max_pool(2x2,s2), max_pool(9x9)") ==
          "layer 3 'max_pool(9x9)': a window of 9x9 is larger than its image of 7x7x1: at most 7x7 fits");
    CHECK(complaint("dense(20), dense(21,2)") ==
          "layer 2 'dense(21,2)': takes 21 numbers a sample, and 20 numbers come in: expected the same");
    CHECK(complaint("max_pool(2x2,s2), batch_norm(7x7x1)") ==
          "layer 2 'batch_norm(7x7x1)': takes 7x7x1 (49 numbers) a sample, and 14x14x1 (196 numbers) come in: "
          "expected the same");
    CHECK(complaint("dense(5), sampling(2)") ==
          "layer 2 'sampling(2)': takes 4 numbers a sample, and 5 numbers come in: expected the same");
    CHECK(complaint("dense(5) swish") ==
          "layer 1 'dense(5)': unknown activation 'swish': expected identity, tanh, leaky_relu, relu, sigmoid or "
          "softmax");
    CHECK(complaint("max_pool(2x2,s0)") ==
          "layer 1 'max_pool(2x2,s0)': expected a stride of at least 1, such as s2, got s0; it is written "
          "max_pool([HxWxC,]RxC[,sSTRIDE][,same])");
    CHECK(complaint("dropout(1)") ==
          "layer 1 'dropout(1)': expected a probability of at least 0 and less than 1, got 1");
    CHECK(complaint("dense(4), sampling(2,-1)") ==
          "layer 2 'sampling(2,-1)': expected a beta of at least 0, got -1");
    CHECK(contains(complaint("cube(4)"), "layer 1 'cube(4)': there is no such kind of layer; expected one of dense("));
    CHECK(complaint("5,,2") == "layer 2 of the list is empty: expected one such as dense(2)");
    CHECK(complaint("") == "layer 1 of the list is empty: expected one such as dense(2)");
    CHECK(complaint("5 tanh;") == "layer 2 of the list is empty: expected one such as dense(2)");
}

TEST_CASE("parse_layers: hostile lists are refused, each with what was expected") {
    const std::string huge = "99999999999999999999", large = "4294967296";
    for (const std::string& list : std::vector<std::string>
         {"dense(" + huge + ")", "dense(" + large + ")", huge + " tanh", "dense(200000000)", "dense(0)", "dense(-1)",
          "dense(1.5)", "dense()", "dense", "dense(", "dense)", "dense((5))", "dense(5)5", "dense(5))", "(5)", "()",
          "dense(5", "dense(,)", "dense(5,no)", "dense(5,5,5)", "dense(no_bias)", "dense(5) (tanh)", "dense (5)",
          "dropout(nan)", "dropout(inf)", "dropout(1.5)", "dropout(-0.1)", "dropout()", "dropout(0x1)", "dropout(0.5,0.5,1)",
          "4 relu, sampling(2,nan)", "4 relu, sampling(2,inf)", "4 relu, sampling(2,1e999)", "4 relu, sampling()",
          "4 relu, sampling(0)", "sampling(" + large + ")", "upsample(0)", "upsample(" + large + ")",
          "upsample(100000)", "upsample()", "upsample(2,2)",
          "max_pool(28x28x" + large + ",2x2)", "max_pool(" + large + "x" + large + "x" + large + ",2x2)",
          "max_pool(0x0x0,2x2)", "max_pool(28x28,2x2)", "max_pool(2)",
          "max_pool(2x)", "max_pool(x)", "max_pool(0x2)",
          "max_pool(2x2,2)", "max_pool(2x2,s" + huge + ")", "max_pool(2x2,s-1)",
          "max_pool(2x2,s2,full)", "max_pool(2x2,same,s2)", "max_pool(29x1)",
          "conv(8)", "conv(8,3)", "conv(0,3x3)", "conv(8,3x3,s0)", "conv(8,3x3,same,s2)", "conv(8,3x3,bias)",
          "conv(268435456,3x3)", "conv(8,30x3,same)", "conv_transposed(8,3x3,s0)", "conv_transposed(8,3x3,s268435456)",
          "conv_transposed(8,268435456x3)", "conv(28x28,8,3x3)", "batch_norm(3)", "batch_norm(28x28x1,1)", "batch_norm(xxx)",
          "\n", "dense(5)\x01 tanh", std::string(100000, '('), std::string(1000, ')')}) {
        CAPTURE(list.substr(0, 100));
        const std::string message = complaint(list);
        CAPTURE(message);
        CHECK(message.starts_with("layer "));
        CHECK((contains(message, "expected") || contains(message, "larger than its image")));
        CHECK(message.size() < 600);
        CHECK_FALSE(contains(message, "\n"));
    }
}

TEST_CASE("make_layer: of each kind, a description and its layer are each other's inverse") {
    for (const std::string description :
         {"dense(35,25)", "dense(35,25,no_bias)", "conv(28x28x1,16,3x3,s2,same)", "conv(5x4x3,2,1x4,no_bias)",
          "conv_transposed(7x7x8,8,3x3,s2,same)", "conv_transposed(3x2x4,5,2x3,s3,no_bias)", "max_pool(28x28x16,2x2,s2)", "average_pool(28x28x16,3x3,s2,same)",
          "average_pool(5x4x3,2x1)", "upsample(14x14x8,2)", "batch_norm(14x14x16)", "batch_norm(64)",
          "dropout(64,0.2)", "dropout(2x3x4,0.1)", "sampling(2,1)", "sampling(20,0.5)"}) {
        CAPTURE(description);
        const LayerPlan plan = plan_layer(description);
        const auto layer = plan.make();
        CHECK(layer->description() == description);
        CHECK(plan.in.size() == layer->in());
        CHECK(plan.out.size() == layer->out());
        std::size_t tensors = 0, values = 0;
        for (const Parameter& p : layer->parameters()) {
            ++tensors;
            values += p.value.size();
        }
        CHECK(plan.tensors == tensors);
        CHECK(plan.values == values);
    }
}

}  // namespace hourglass
