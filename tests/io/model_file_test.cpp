#include "hourglass/io/model_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "hourglass/nn/layers/dense.hpp"
#include "safetensors_parts.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using Json = nlohmann::json;
using testing::contains;
using testing::error_message;
using testing::Parts;

constexpr const char* own_type = testing::scalar_is_double ? "F64" : "F32";

template <class Model>
Model with_random_biases(Model model, Rng& rng) {
    for (std::size_t l = 1; l <= model.depth(); ++l) {
        std::ranges::generate(model.template as<Dense>(l).b,
                              [&] { return static_cast<Scalar>(rng.normal()); });
    }
    return model;
}

Autoencoder small_model() {
    const std::array<std::size_t, 3> widths = {4, 3, 2};
    Rng rng(9);
    return with_random_biases(mirrored_autoencoder(widths,
                                                   {{Activation::Kind::leaky_relu, 0.1},
                                                    {Activation::Kind::identity},
                                                    {Activation::Kind::tanh}},
                                                   Initialization::xavier, rng),
                              rng);
}

/// 4-3-1: no autoencoder, and with names of its own.
Network small_network() {
    std::vector<std::unique_ptr<Layer>> layers;
    layers.push_back(
        std::make_unique<Dense>(4, 3, "hidden", Activation{Activation::Kind::leaky_relu, 0.25}));
    layers.push_back(
        std::make_unique<Dense>(3, 1, "the end, at last", Activation{Activation::Kind::sigmoid}));
    Network network(std::move(layers));
    Rng rng(11);
    network.layer(1).initialize(Initialization::he, rng);
    network.layer(2).initialize(Initialization::he, rng);
    return with_random_biases(std::move(network), rng);
}

const std::string& good_bytes() {
    static const std::string bytes = model_bytes(small_model(), 17, 42);
    return bytes;
}

/// The same model as the first version wrote it.
std::string first_version_bytes() {
    Parts parts(good_bytes());
    parts.header["__metadata__"] = {
        {"widths", "4,3,2,3,4"},
        {"activations", "leaky_relu(0.1),identity,leaky_relu(0.1),tanh"},
        {"seed", "17"},
        {"epoch", "42"}};
    return parts.bytes();
}

/// What model_from_bytes complains about these bytes, in one line; empty: nothing.
std::string complaint(const std::string& bytes) {
    const std::string message = error_message([&] { model_from_bytes(bytes); });
    CHECK(message.find('\n') == std::string::npos);
    CHECK(message.size() < 500);
    return message;
}

/// The same for good bytes that `damage` has changed.
std::string complaint_after(const std::function<void(Parts&)>& damage,
                            const std::string& bytes = good_bytes()) {
    Parts parts(bytes);
    damage(parts);
    return complaint(parts.bytes());
}

std::string complaint_about(const char* key, const Json& value,
                            const std::string& bytes = good_bytes()) {
    return complaint_after([&](Parts& p) { p.header["__metadata__"][key] = value; }, bytes);
}

bool same_parameters(const Network& a, const Network& b) {
    bool same = a.widths() == b.widths();
    for (std::size_t l = 1; same && l <= a.depth(); ++l) {
        same = a.layer(l).name == b.layer(l).name &&
               a.layer(l).activation == b.layer(l).activation &&
               a.as<Dense>(l).W == b.as<Dense>(l).W && a.as<Dense>(l).b == b.as<Dense>(l).b;
    }
    return same;
}

/// `model` in another precision, put together by hand.
template <typename Stored, typename Convert>
std::string file_in(const char* type, Autoencoder model, const Convert& convert) {
    Parts parts(good_bytes());
    parts.values.clear();
    for (const Parameter& p : model.parameters()) {
        const std::size_t begin = parts.values.size();
        for (const Scalar value : p.value) {
            const Stored stored = convert(value);
            parts.values.append(reinterpret_cast<const char*>(&stored), sizeof stored);
        }
        parts.header[p.name]["dtype"] = type;
        parts.header[p.name]["data_offsets"] = {begin, parts.values.size()};
    }
    return parts.bytes();
}

template <typename Stored>
std::string file_in(const char* type, const Autoencoder& model) {
    return file_in<Stored>(type, model, [](Scalar value) { return static_cast<Stored>(value); });
}

/// What a float's upper half is: BF16, without rounding.
std::uint16_t upper_half(Scalar value) {
    return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(static_cast<float>(value)) >>
                                      16);
}

}  // namespace

TEST_CASE("model file: an autoencoder is read as it was written bit for bit") {
    for (const std::string& bytes : {good_bytes(), first_version_bytes()}) {
        const SavedModel saved = model_from_bytes(bytes);
        CHECK(same_parameters(saved.model, small_model()));
        CHECK(saved.model.latent_layer() == 2);
        CHECK(saved.seed == 17);
        CHECK(saved.epoch == 42);
    }
}

TEST_CASE("model file: any network is read as it was written and an autoencoder as a network too") {
    const std::string bytes = model_bytes(small_network(), 3, 4);
    const SavedNetwork saved = network_from_bytes(bytes);
    CHECK(same_parameters(saved.model, small_network()));
    CHECK(saved.seed == 3);
    CHECK(saved.epoch == 4);
    CHECK(model_bytes(saved.model, 3, 4) == bytes);
    CHECK(same_parameters(network_from_bytes(good_bytes()).model, small_model()));
    CHECK(complaint(bytes) == "is no autoencoder: its metadata have no 'latent_layer'");
}

TEST_CASE("model file: a latent layer that is not in the middle is kept") {
    std::vector<std::unique_ptr<Layer>> layers;
    for (const std::size_t l : {0u, 1u, 2u}) {
        layers.push_back(std::make_unique<Dense>(2, 2, "part." + std::to_string(l), Activation{}));
    }
    const Autoencoder model(std::move(layers), 1);
    const SavedModel saved = model_from_bytes(model_bytes(model, 1, 1));
    CHECK(saved.model.latent_layer() == 1);
    CHECK(same_parameters(saved.model, model));
}

TEST_CASE("model file: the same model gives the same bytes and another one others") {
    CHECK(model_bytes(small_model(), 17, 42) == good_bytes());
    const SavedModel saved = model_from_bytes(good_bytes());
    CHECK(model_bytes(saved.model, saved.seed, saved.epoch) == good_bytes());
    Autoencoder other = small_model();
    other.as<Dense>(4).b[3] = std::nextafter(other.as<Dense>(4).b[3], Scalar(9));
    CHECK(model_bytes(other, 17, 42) != good_bytes());
}

TEST_CASE("save_model: load_model and load_network read what it wrote") {
    const testing::TemporaryFolder folder;
    save_model(folder.path() / "m", small_model(), 17, 42);
    CHECK(testing::bytes_of(folder.path() / "m") == good_bytes());
    CHECK(same_parameters(load_model(folder.path() / "m").model, small_model()));
    save_model(folder.path() / "n", small_network(), 1, 2);
    CHECK(same_parameters(load_network(folder.path() / "n").model, small_network()));
    CHECK(folder.names() == std::vector<std::string>{"m", "n"});
}

TEST_CASE("model file: what is written is a safetensors file that others can read") {
    const std::string& bytes = good_bytes();
    const Parts parts(bytes);
    CHECK((bytes.size() - parts.values.size()) % 8 == 0);  // the values are aligned
    CHECK(parts.header["__metadata__"] ==
          Json{{"version", "2"},
               {"layers",
                "dense(4,3) leaky_relu(0.1); dense(3,2) identity; "
                "dense(2,3) leaky_relu(0.1); dense(3,4) tanh"},
               {"names", "encoder.0; encoder.1; decoder.0; decoder.1"},
               {"latent_layer", "2"},
               {"seed", "17"},
               {"epoch", "42"}});
    Autoencoder model = small_model();
    std::size_t end = 0;
    for (const Parameter& p : model.parameters()) {
        const Json& entry = parts.header.at(p.name);
        CHECK(entry["dtype"] == own_type);
        CHECK(entry["data_offsets"] == Json{end, end + p.value.size_bytes()});
        CHECK(std::memcmp(parts.values.data() + end, p.value.data(), p.value.size_bytes()) == 0);
        end += p.value.size_bytes();
    }
    CHECK(parts.values.size() == end);
    CHECK(parts.header.size() == 1 + 8);
    CHECK(parts.header["encoder.0.W"]["shape"] == Json{3, 4});  // (out, in)
    CHECK(parts.header["encoder.0.b"]["shape"] == Json::array({3}));
}

TEST_CASE("model file: all four precisions are read") {
    CHECK(same_parameters(model_from_bytes(file_in<double>("F64", small_model())).model,
                          small_model()));
    const SavedModel single = model_from_bytes(file_in<float>("F32", small_model()));
    const SavedModel half =
        model_from_bytes(file_in<std::uint16_t>("BF16", small_model(), upper_half));
    for (std::size_t l = 1; l <= 4; ++l) {
        const Matrix W = small_model().as<Dense>(l).W;
        for (std::size_t i = 0; i < W.size(); ++i) {
            const Scalar w = W.flat()[i];
            CHECK(single.model.as<Dense>(l).W.flat()[i] ==
                  static_cast<Scalar>(static_cast<float>(w)));
            CHECK(half.model.as<Dense>(l).W.flat()[i] ==
                  doctest::Approx(w).epsilon(0.01));  // 8 bits
        }
    }
    const std::string ones =
        file_in<std::uint16_t>("F16", small_model(), [](Scalar) { return std::uint16_t{0x3c00}; });
    CHECK(model_from_bytes(ones).model.as<Dense>(3).W(2, 1) == 1);
}

TEST_CASE("model file: without seed and epoch it is read as of seed 0 and epoch 0") {
    for (const std::string& bytes : {good_bytes(), first_version_bytes()}) {
        Parts parts(bytes);
        parts.header["__metadata__"].erase("seed");
        parts.header["__metadata__"].erase("epoch");
        const SavedModel saved = model_from_bytes(parts.bytes());
        CHECK(same_parameters(saved.model, small_model()));
        CHECK(saved.seed == 0);
        CHECK(saved.epoch == 0);
    }
}

TEST_CASE("model file: without names the layers are called as mirrored_autoencoder calls them") {
    Parts parts(good_bytes());
    parts.header["__metadata__"].erase("names");
    parts.header["__metadata__"].erase("version");
    CHECK(same_parameters(model_from_bytes(parts.bytes()).model, small_model()));
}

// Both nets come from tests/reference/pytorch_models.py, and so does what they compute.
TEST_CASE("model file: files as PyTorch writes them are read and compute what they should") {
    const std::string folder = std::string(HOURGLASS_SOURCE_DIR) + "/tests/reference/models/";
    const Json expected = Json::parse(testing::bytes_of(folder + "pytorch.json"));
    Matrix X(1, 3);
    std::ranges::copy(expected["X"].get<std::vector<Scalar>>(), X.flat().begin());
    for (const char* precision : {"f64", "f32", "f16", "bf16"}) {
        CAPTURE(precision);
        const SavedModel saved = load_model(folder + "pytorch_" + precision + ".safetensors");
        CHECK(saved.model.layer(3).name == "decoder.0");
        CHECK(saved.model.layer(4).name == "decoder.2");
        const Matrix code = saved.model.encode(X), Y = saved.model.predict(X);
        for (std::size_t j = 0; j < 2; ++j) {
            CHECK(code(0, j) == doctest::Approx(expected["code"][j].get<double>()).epsilon(1e-6));
        }
        for (std::size_t j = 0; j < 3; ++j) {
            CHECK(Y(0, j) == doctest::Approx(expected["Y"][j].get<double>()).epsilon(1e-6));
        }
    }
}

/// A layer with a tensor that is saved and not trained.
class WithStatistics : public Layer {
public:
    Vector running_mean = {1, 2};

    std::size_t in() const override { return 2; }
    std::size_t out() const override { return 2; }
    std::string description() const override { return "with_statistics(2)"; }
    std::vector<Parameter> parameters() override {
        return {{name + ".running_mean", running_mean, {}, {2}}};
    }
    void forward(Matrix& Z, Pass&, const Matrix& X) const override { Z = X; }
    void backward(const Matrix&, Pass&, const Matrix&) override {}
    void backward_input(Matrix& dX, const Matrix& dZ, Pass&, const Matrix&) const override {
        dX = dZ;
    }
    std::unique_ptr<Layer> copy() const override { return std::make_unique<WithStatistics>(*this); }
};

TEST_CASE("model file: what is not trained is saved as well") {
    std::vector<std::unique_ptr<Layer>> layers;
    layers.push_back(std::make_unique<WithStatistics>());
    layers.back()->name = "norm";
    const Parts parts(model_bytes(Network(std::move(layers)), 1, 1));
    CHECK(parts.header["norm.running_mean"]["shape"] == Json::array({2}));
    Scalar second = 0;
    REQUIRE(parts.values.size() == 2 * sizeof second);
    std::memcpy(&second, parts.values.data() + sizeof second, sizeof second);
    CHECK(second == 2);
    CHECK(parts.header["__metadata__"]["layers"] == "with_statistics(2) identity");
}

TEST_CASE("load_model: a file that is not there or is damaged is named") {
    const testing::TemporaryFolder folder;
    CHECK(contains(error_message([&] { load_model(folder.path() / "none"); }),
                   "none: cannot be opened"));
    CHECK(contains(error_message([&] { load_model(folder.path()); }), folder.path().string()));
    const auto path = folder.write("damaged.safetensors", "12345678");
    CHECK(contains(error_message([&] { load_model(path); }), path.string() + ": expected a "));
    CHECK(contains(error_message([&] { load_network(path); }), path.string() + ": expected a "));
}

TEST_CASE("model file: a file cut short anywhere is refused") {
    const std::string bytes = good_bytes();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(length);
        CHECK(!complaint(bytes.substr(0, length)).empty());
    }
    CHECK(complaint(bytes).empty());
}

TEST_CASE("model file: tensors that are missing or too many or not as expected are refused") {
    const auto change = [](const char* key, const Json& value) {
        return complaint_after([&](Parts& p) { p.header["encoder.1.W"][key] = value; });
    };
    CHECK(contains(complaint_after([](Parts& p) {  // the last one and its values
                       p.values.resize(p.header["decoder.1.b"]["data_offsets"][0]);
                       p.header.erase("decoder.1.b");
                   }),
                   "layer decoder.1: dense(3,4) needs 2 tensors, and the file has 1 left"));
    CHECK(contains(
        complaint_after([](Parts& p) {
            const std::size_t end = p.values.size();
            p.header["more"] = {{"dtype", "F32"}, {"shape", {0}}, {"data_offsets", {end, end}}};
        }),
        "expected 8 tensors for its layers, found 9"));
    CHECK(contains(complaint_after([](Parts& p) {
                       p.header["other"] = p.header["encoder.1.W"];
                       p.header.erase("encoder.1.W");
                   }),
                   "no tensor encoder.1.W"));
    CHECK(contains(complaint_after([](Parts& p) { p.header["encoder.1.W"] = 3; }), "encoder.1.W"));
    for (const Json& shape : {Json{3, 2}, Json{6}, Json{2, 3, 1}, Json{1, 6}}) {
        CHECK(contains(change("shape", shape),
                       "encoder.1.W: expected shape [2,3], found " + shape.dump()));
    }
    for (const Json& shape : {Json{2}, Json("2,3"), Json(), Json{2, -3}, Json{1e300, 3}}) {
        CHECK(contains(change("shape", shape), "encoder.1.W: expected "));
    }
    for (const Json& type : {Json("I32"), Json(""), Json(), Json(32), Json{"F32"}}) {
        CHECK(contains(change("dtype", type),
                       "encoder.1.W: expected dtype F64, F32, F16 or BF16, found "));
    }
    for (const char* type : {"F16", testing::scalar_is_double ? "F32" : "F64"}) {
        CHECK(contains(change("dtype", type), "encoder.1.W: expected "));
    }
}

TEST_CASE("model file: layers that are none or do not fit together are refused and named") {
    const auto complaint_about_layers = [](const std::string& layers) {
        return complaint_after([&](Parts& p) {
            p.header["__metadata__"] = {{"layers", layers}, {"latent_layer", "1"}};
        });
    };
    for (const std::string layers :
         {"dense(4,3)", " tanh", "dense(4,3) tanh; dense(3,4)", "dense(4,3 tanh; dense(3,4) tanh"}) {
        CAPTURE(layers);
        CHECK(contains(complaint_about_layers(layers), "expected a layer and its activation"));
    }
    for (const std::string layers : {"", ";", "dense(4,3) tanh; "}) {
        CAPTURE(layers);
        CHECK(contains(complaint_about_layers(layers), "of the list is empty"));
    }
    for (const std::string layer :
         {"dense(4,3) swish", "dense(4) tanh", "dense(4,3,2) tanh", "dense(4,0) tanh",
          "cube(4,3) tanh", "dense(4,-3) tanh", "dense(4;3) tanh", "(4,3) tanh", "dense (4,3) tanh",
          "dense(4,3)\n tanh", "dense(4,3) ta\nnh", "dense(99999999999999999999,1) tanh",
          "dense(4294967296,4294967296) tanh", "dense(1,18446744073709551615) tanh",
          "dense(1000000,1000000) tanh", "dense(2000000000,1000000000) tanh"}) {
        CAPTURE(layer);
        CHECK(contains(complaint_about_layers(layer + "; dense(3,4) tanh"), "layer encoder.0: "));
    }
    CHECK(contains(complaint_about_layers("dense(4,3) tanh;dense(3,2) swish; dense(2,4) tanh"),
                   "layer decoder.0: unknown activation 'swish'"));
    CHECK(contains(complaint_about_layers(std::string(3'000'000, 'x') + " tanh"),
                   "layer encoder.0: expected one such as dense(35,25) tanh, found 'xxx"));
    CHECK(!complaint_about_layers("dense(4,3) tanh; dense(2,4) tanh").empty());  // 3 is not 2
    CHECK(contains(complaint_about("version", "3"), "version 2 or older, found 3"));
    CHECK(contains(complaint_after([](Parts& p) { p.header["__metadata__"].erase("layers"); }),
                   "no 'layers'"));
    for (const std::string latent : {"0", "4", "5", "-1", "", "2.0", "18446744073709551615"}) {
        CAPTURE(latent);
        CHECK(!complaint_about("latent_layer", latent).empty());
    }
    for (const std::string names : {"", "encoder.0", "encoder.0; encoder.1; decoder.0; ",
                                    "encoder.0; encoder.1; decoder.0; decoder.0",
                                    "encoder.0; encoder.1; decoder.0; decoder.1; decoder.2"}) {
        CAPTURE(names);
        CHECK(contains(complaint_about("names", names), "name"));
    }
}

TEST_CASE("model file: numbers that are none are refused and named") {
    for (const std::string number : {"", "a", "-1", "1.5", " 1", "99999999999999999999"}) {
        CAPTURE(number);
        CHECK(contains(complaint_about("seed", number), "'seed'"));
        CHECK(contains(complaint_about("epoch", number), "'epoch'"));
    }
    CHECK(contains(complaint_about("epoch", "2147483648"), "'epoch'"));
    for (const char* key : {"layers", "names", "latent_layer", "seed", "epoch"}) {
        CHECK(contains(complaint_about(key, 3), testing::quoted(key)));
    }
}

TEST_CASE("model file: first version: metadata that make no autoencoder are refused") {
    const auto change = [](const char* key, const Json& value) {
        return complaint_about(key, value, first_version_bytes());
    };
    for (const std::string widths : {"",
                                     "4",
                                     "4,3",
                                     "4,3,2",
                                     "4,3,2,3",
                                     "4,3,2,3,5",
                                     "4,2,3,2,4",
                                     "4,0,4",
                                     "0,0,0",
                                     ",",
                                     "4,3,2,3,4,",
                                     "a,b,a",
                                     "4, 3,2, 3,4",
                                     "4,-3,2,-3,4",
                                     "4,3.0,2,3.0,4",
                                     "4,1000000,4",
                                     "4,18446744073709551615,4",
                                     "4,99999999999999999999,4",
                                     "4294967296,4294967296,4294967296",
                                     "3\n2"}) {
        CAPTURE(widths);
        CHECK(!change("widths", widths).empty());
    }
    for (const std::string activations :
         {"", "tanh", "tanh,tanh,tanh,", "tanh,tanh,tanh,tanh,tanh", "tanh,tanh,tanh,swish",
          "tanh,tanh,tanh,leaky_relu(nan)", "a\nb,c,d,e"}) {
        CAPTURE(activations);
        CHECK(!change("activations", activations).empty());
    }
    for (const char* key : {"widths", "activations"}) {
        CHECK(contains(change(key, 3), testing::quoted(key)));
    }
    const auto without = [](const char* key) {
        return complaint_after([&](Parts& p) { p.header["__metadata__"].erase(key); },
                               first_version_bytes());
    };
    CHECK(contains(without("activations"), "no 'activations'"));
    CHECK(contains(without("widths"), "no 'layers'"));  // the way of today
}

TEST_CASE("model file: layers that together need more than the file has are refused at once") {
    std::string widths = "300", activations = "tanh", layers = "dense(300,300) tanh";
    for (int l = 1; l <= 20; ++l) {  // 90,000 values a layer, and 100,000 in the file
        widths += ",300";
        activations += l == 1 ? "" : ",tanh";
        layers += l == 1 ? "" : "; dense(300,300) tanh";
    }
    for (const Json& metadata :
         {Json{{"widths", widths}, {"activations", activations}}, Json{{"layers", layers}}}) {
        Json header = {{"__metadata__", metadata}};
        for (int i = 0; i < 40; ++i) {
            header[std::to_string(i)] = {{"dtype", "F32"},
                                         {"shape", {2500}},
                                         {"data_offsets", {i * 10'000, (i + 1) * 10'000}}};
        }
        CHECK(contains(complaint(Parts::file_of(header.dump(), std::string(400'000, '\0'))),
                       "dense(300,300) needs more values than the file has"));
    }
}

// A layer of one value takes some hundred bytes of memory, and two of a file.
TEST_CASE("model file: more layers than the file has tensors for are refused at once") {
    std::string widths = "1", activations;
    for (int l = 0; l < 100'000; ++l) {
        widths += ",1";
        activations += l == 0 ? "tanh" : ",tanh";
    }
    const Json header = {
        {"__metadata__", {{"widths", widths}, {"activations", activations}}},
        {"all", {{"dtype", "F32"}, {"shape", {100'000}}, {"data_offsets", {0, 400'000}}}}};
    CHECK(contains(complaint(Parts::file_of(header.dump(), std::string(400'000, '\0'))),
                   "layer encoder.0: dense(1,1) needs 2 tensors, and the file has 1 left"));
}

TEST_CASE("model file: a value that is not a finite number is refused and named") {
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
          -std::numeric_limits<double>::infinity()}) {
        Autoencoder model = small_model();
        model.as<Dense>(3).W.flat()[2] = static_cast<Scalar>(bad);
        for (const std::string& bytes :
             {file_in<float>("F32", model), file_in<double>("F64", model)}) {
            CHECK(contains(complaint(bytes), "tensor decoder.0.W: value 2 is not a finite number"));
        }
    }
}

TEST_CASE("model file: random damage gives a model of finite numbers or an error") {
    const std::string good = good_bytes();
    Rng rng(10);
    int refused = 0;
    for (int n = 0; n < 2000; ++n) {
        std::string bytes = good;
        for (std::size_t flips = 1 + rng.below(3); flips > 0; --flips) {
            const std::size_t place =
                rng.below(n % 2 == 0 ? bytes.size() : 700);  // mostly the header
            bytes[place] = static_cast<char>(bytes[place] ^ (1 << rng.below(8)));
        }
        try {
            SavedModel saved = model_from_bytes(bytes);
            CHECK(saved.model.parameter_count() == small_model().parameter_count());
            for (const Parameter& p : saved.model.parameters()) {
                CHECK(std::ranges::all_of(p.value,
                                          [](Scalar value) { return std::isfinite(value); }));
            }
        } catch (const Error&) {
            ++refused;
        }
    }
    CHECK(refused > 1000);
}

}  // namespace hourglass
