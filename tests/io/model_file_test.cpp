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

Autoencoder small_model() {
    const std::array<std::size_t, 3> widths = {4, 3, 2};
    Rng rng(9);
    Autoencoder model = mirrored_autoencoder(widths,
                      {{Activation::Kind::leaky_relu, 0.1},
                       {Activation::Kind::identity},
                       {Activation::Kind::tanh}},
                      Initialization::xavier, rng);
    for (std::size_t l = 1; l <= model.depth(); ++l) {
        std::ranges::generate(model.as<Dense>(l).b,
                              [&] { return static_cast<Scalar>(rng.normal()); });
    }
    return model;
}

std::string saved_bytes() {
    const testing::TemporaryFolder folder;
    save_model(folder.path() / "m", small_model(), 17, 42);
    return testing::bytes_of(folder.path() / "m");
}

const std::string& good_bytes() {
    static const std::string bytes = saved_bytes();
    return bytes;
}

SavedModel load_bytes(const std::string& bytes) {
    static const testing::TemporaryFolder folder;
    return load_model(folder.write("damaged.safetensors", bytes));
}

/// What load_model complains about these bytes, in a line that names the file; empty: nothing.
std::string complaint(const std::string& bytes) {
    const std::string message = error_message([&] { load_bytes(bytes); });
    CHECK((message.empty() || contains(message, "/damaged.safetensors: ")));
    CHECK(message.find('\n') == std::string::npos);
    return message;
}

/// The same for a good file that `damage` has changed.
std::string complaint_after(const std::function<void(Parts&)>& damage) {
    Parts parts(good_bytes());
    damage(parts);
    return complaint(parts.bytes());
}

bool same_parameters(const Autoencoder& a, const Autoencoder& b) {
    bool same = a.widths() == b.widths();
    for (std::size_t l = 1; same && l <= a.depth(); ++l) {
        same = a.layer(l).name == b.layer(l).name &&
               a.layer(l).activation == b.layer(l).activation &&
               a.as<Dense>(l).W == b.as<Dense>(l).W && a.as<Dense>(l).b == b.as<Dense>(l).b;
    }
    return same;
}

/// `model` as a file in the other precision, put together by hand.
template <typename Stored>
std::string file_in(const char* type, Autoencoder model) {
    Parts parts(good_bytes());
    parts.values.clear();
    for (const Parameter& p : model.parameters()) {
        const std::size_t begin = parts.values.size();
        for (const Scalar value : p.value) {
            const Stored stored = static_cast<Stored>(value);
            parts.values.append(reinterpret_cast<const char*>(&stored), sizeof stored);
        }
        parts.header[p.name]["dtype"] = type;
        parts.header[p.name]["data_offsets"] = {begin, parts.values.size()};
    }
    return parts.bytes();
}

}  // namespace

TEST_CASE("load_model: gives back what save_model was given bit for bit") {
    const SavedModel saved = load_bytes(good_bytes());
    CHECK(same_parameters(saved.model, small_model()));
    CHECK(saved.seed == 17);
    CHECK(saved.epoch == 42);
}

TEST_CASE("save_model: the same model gives the same bytes and another one others") {
    CHECK(saved_bytes() == saved_bytes());
    const testing::TemporaryFolder folder;
    const SavedModel saved = load_bytes(good_bytes());
    save_model(folder.path() / "m", saved.model, saved.seed, saved.epoch);
    CHECK(testing::bytes_of(folder.path() / "m") == good_bytes());
    Autoencoder other = small_model();
    other.as<Dense>(4).b[3] = std::nextafter(other.as<Dense>(4).b[3], Scalar(9));
    save_model(folder.path() / "m", other, saved.seed, saved.epoch);
    CHECK(testing::bytes_of(folder.path() / "m") != good_bytes());
    CHECK(folder.names() == std::vector<std::string>{"m"});
}

TEST_CASE("save_model: writes a safetensors file that others can read") {
    const std::string bytes = good_bytes();
    const Parts parts(bytes);
    CHECK((bytes.size() - parts.values.size()) % 8 == 0);  // the values are aligned
    CHECK(parts.header["__metadata__"] ==
          Json{{"widths", "4,3,2,3,4"},
               {"seed", "17"},
               {"epoch", "42"},
               {"activations", "leaky_relu(0.1),identity,leaky_relu(0.1),tanh"}});
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

TEST_CASE("load_model: reads both precisions") {
    const SavedModel single = load_bytes(file_in<float>("F32", small_model()));
    const SavedModel twice = load_bytes(file_in<double>("F64", small_model()));
    CHECK(same_parameters(twice.model, small_model()));
    for (std::size_t l = 1; l <= 4; ++l) {
        const Matrix W = small_model().as<Dense>(l).W;
        for (std::size_t i = 0; i < W.size(); ++i) {
            CHECK(single.model.as<Dense>(l).W.flat()[i] ==
                  static_cast<Scalar>(static_cast<float>(W.flat()[i])));
        }
    }
}

TEST_CASE("load_model: a file that is not there or is a folder is named") {
    const testing::TemporaryFolder folder;
    CHECK(contains(error_message([&] { load_model(folder.path() / "none"); }),
                   "none: cannot be opened"));
    CHECK(contains(error_message([&] { load_model(folder.path()); }), folder.path().string()));
}

TEST_CASE("load_model: a file cut short anywhere is refused") {
    const std::string bytes = good_bytes();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(length);
        CHECK(!complaint(bytes.substr(0, length)).empty());
    }
    CHECK(complaint(bytes).empty());
}

TEST_CASE("load_model: a header whose size lies is refused") {
    const Parts parts(good_bytes());
    const std::string header = parts.header.dump();
    for (const std::uint64_t size :
         {std::uint64_t{0}, std::uint64_t{1}, header.size() - 1, header.size() + 1,
          header.size() + parts.values.size(), header.size() + parts.values.size() + 1,
          std::uint64_t{1} << 40, std::numeric_limits<std::uint64_t>::max() - 8,
          std::numeric_limits<std::uint64_t>::max()}) {
        CAPTURE(size);
        CHECK(!complaint(Parts::file_of(size, header, parts.values)).empty());
    }
}

TEST_CASE("load_model: a header that is no safetensors header is refused") {
    const Parts parts(good_bytes());
    for (const std::string header :
         {"", "{", "[]", "null", "3", "\"a\"", "{}", "{\"__metadata__\":3}", "\xff\xfe",
          "{\"__metadata__\":{}}", "{\"__metadata__\":{\"widths\":[4,3,2,3,4]}}"}) {
        CAPTURE(header);
        CHECK(!complaint(Parts::file_of(header, parts.values)).empty());
    }
}

TEST_CASE("load_model: a header that nests without end is refused and does not crash") {
    const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
    CHECK(!complaint(Parts::file_of("{\"__metadata__\":" + deep + "}", "")).empty());
    Parts parts(good_bytes());
    parts.header["encoder.0.b"]["shape"] = "HERE";
    std::string header = parts.header.dump();
    header.replace(header.find("\"HERE\""), 6, deep);
    CHECK(!complaint(Parts::file_of(header, parts.values)).empty());
}

TEST_CASE("load_model: tensors that are missing or too many or not as expected are refused") {
    const auto change = [](const char* key, const Json& value) {
        return complaint_after([&](Parts& p) { p.header["encoder.1.W"][key] = value; });
    };
    CHECK(contains(complaint_after([](Parts& p) { p.header.erase("encoder.1.W"); }),
                   "expected 8 tensors"));
    CHECK(contains(complaint_after([](Parts& p) { p.header["more"] = p.header["encoder.1.W"]; }),
                   "expected 8 tensors"));
    CHECK(contains(complaint_after([](Parts& p) {
                       p.header["other"] = p.header["encoder.1.W"];
                       p.header.erase("encoder.1.W");
                   }),
                   "no tensor encoder.1.W"));
    CHECK(contains(complaint_after([](Parts& p) { p.header["encoder.1.W"] = 3; }), "encoder.1.W"));
    for (const Json& shape : {Json{3, 2}, Json{6}, Json{2, 3, 1}, Json{2}, Json("2,3"), Json(),
                              Json{2, -3}, Json{"2", "3"}, Json{1e300, 3}}) {
        CHECK(contains(change("shape", shape), "encoder.1.W: expected shape [2,3]"));
    }
    for (const Json& type : {Json("F16"), Json("I32"), Json(""), Json(), Json(32), Json{"F32"}}) {
        CHECK(contains(change("dtype", type), "encoder.1.W: expected dtype F32 or F64"));
    }
    CHECK(contains(change("dtype", testing::scalar_is_double ? "F32" : "F64"),
                   "encoder.1.W: expected "));
}

TEST_CASE("load_model: data offsets that lie are refused") {
    const Parts good(good_bytes());
    const std::uint64_t begin = good.header["encoder.1.W"]["data_offsets"][0];
    const std::uint64_t end = good.header["encoder.1.W"]["data_offsets"][1];
    const std::uint64_t size = good.values.size(), most = std::numeric_limits<std::uint64_t>::max();
    for (const Json& offsets :
         {Json{end, begin}, Json{begin, end + 4}, Json{begin, end - 1},
          Json{size, size + end - begin}, Json{most - 7, most}, Json{begin, most},
          Json{most, end - begin - 1}, Json{-8, end}, Json{begin}, Json{begin, end, end},
          Json::array(), Json("0,8"), Json(), Json{"0", "8"}, Json{0.5, 8.5}, Json{1e300, 1e300},
          Json{begin, begin}}) {
        CAPTURE(offsets.dump());
        CHECK(contains(
            complaint_after([&](Parts& p) { p.header["encoder.1.W"]["data_offsets"] = offsets; }),
            "encoder.1.W: expected "));
    }
}

TEST_CASE("load_model: tensors that share bytes are refused") {
    CHECK(!complaint_after([](Parts& p) {
               p.header["encoder.0.b"]["data_offsets"] = p.header["decoder.0.b"]["data_offsets"];
           }).empty());
}

TEST_CASE("load_model: bytes that belong to no tensor are refused") {
    CHECK(!complaint(good_bytes() + '\0').empty());
    CHECK(!complaint(good_bytes() + good_bytes()).empty());
    CHECK(!complaint_after([](Parts& p) {  // a hole at the front
               p.values.insert(0, 8, '\0');
               for (auto& [name, entry] : p.header.items()) {
                   if (name != "__metadata__") {
                       entry["data_offsets"] = {entry["data_offsets"][0].get<int>() + 8,
                                                entry["data_offsets"][1].get<int>() + 8};
                   }
               }
           })
               .empty());
}

TEST_CASE("load_model: metadata that make no autoencoder are refused") {
    const auto change = [](const char* key, const Json& value) {
        return complaint_after([&](Parts& p) { p.header["__metadata__"][key] = value; });
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
    for (const std::string number : {"", "a", "-1", "1.5", " 1", "99999999999999999999"}) {
        CAPTURE(number);
        CHECK(contains(change("seed", number), "'seed'"));
        CHECK(contains(change("epoch", number), "'epoch'"));
    }
    for (const char* key : {"widths", "activations", "seed", "epoch"}) {
        CHECK(contains(change(key, 3), testing::quoted(key)));
        CHECK(contains(complaint_after([&](Parts& p) { p.header["__metadata__"].erase(key); }),
                       testing::quoted(key)));
    }
}

TEST_CASE("load_model: widths that together need more than the file has are refused at once") {
    std::string widths = "300",
                activations = "tanh";  // 90,000 values a layer, and 100,000 in the file
    for (int l = 1; l <= 20; ++l) {
        widths += ",300";
        activations += l == 1 ? "" : ",tanh";
    }
    const Json header = {
        {"__metadata__",
         {{"widths", widths}, {"activations", activations}, {"seed", "1"}, {"epoch", "1"}}}};
    CHECK(contains(complaint(Parts::file_of(header.dump(), std::string(800'000, '\0'))),
                   "need more values than the file has"));
}

TEST_CASE("load_model: a value that is not a finite number is refused and named") {
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

TEST_CASE("load_model: random damage gives a model of finite numbers or an error") {
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
            SavedModel saved = load_bytes(bytes);
            CHECK(saved.model.parameter_count() == small_model().parameter_count());
            for (const Parameter& p : saved.model.parameters()) {
                CHECK(std::ranges::all_of(p.value,
                                          [](Scalar value) { return std::isfinite(value); }));
            }
        } catch (const Error& error) {
            CHECK(contains(error.what(), "damaged.safetensors: "));
            ++refused;
        }
    }
    CHECK(refused > 1000);
}

}  // namespace hourglass
