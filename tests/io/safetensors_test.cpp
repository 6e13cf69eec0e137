#include "hourglass/io/safetensors.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include "safetensors_parts.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using Json = nlohmann::json;
using testing::contains;
using testing::error_message;
using testing::Parts;

std::string raw(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// Three tensors: "b" of shape (2), "W" of (2, 3) and "none" of (0, 7).
std::string good_bytes() {
    const std::string b = raw({7, 8}), W = raw({1, 2, 3, 4, 5, 6});
    return safetensors_bytes({.tensors = {{"b", Dtype::f32, {2}, b},
                                          {"W", Dtype::f32, {2, 3}, W},
                                          {"none", Dtype::f32, {0, 7}, ""}},
                              .metadata = {{"seed", "17"}, {"line", "a\n\"b\"\xc3\xa9"}}});
}

/// What read_safetensors complains about these bytes, in one line; empty: nothing.
std::string complaint(const std::string& bytes) {
    const std::string message = error_message([&] { read_safetensors(bytes); });
    CHECK(message.find('\n') == std::string::npos);
    CHECK(message.size() < 400);
    return message;
}

std::string complaint_after(const std::function<void(Parts&)>& damage) {
    Parts parts(good_bytes());
    damage(parts);
    return complaint(parts.bytes());
}

std::string complaint_of_header(const std::string& header) {
    return complaint(Parts::file_of(header, ""));
}

/// The numbers that 16-bit patterns stand for.
std::vector<double> read_bits(Dtype dtype, const std::vector<std::uint16_t>& bits) {
    const std::string_view data(reinterpret_cast<const char*>(bits.data()), 2 * bits.size());
    std::vector<Scalar> values(bits.size());
    copy_values(values, {"a", dtype, {bits.size()}, data});
    return {values.begin(), values.end()};
}

}  // namespace

TEST_CASE("safetensors: read gives back what was written") {
    const std::string bytes = good_bytes();
    const Safetensors content = read_safetensors(bytes);
    CHECK(content.metadata ==
          std::map<std::string, std::string>{{"seed", "17"}, {"line", "a\n\"b\"\xc3\xa9"}});
    REQUIRE(content.tensors.size() == 3);
    CHECK(content.tensors[0].name == "b");  // in the order of their data, not of their names
    CHECK(content.tensors[1].name == "W");
    CHECK(content.tensors[1].shape == std::vector<std::size_t>{2, 3});
    CHECK(content.tensors[1].dtype == Dtype::f32);
    CHECK(content.tensors[1].data == raw({1, 2, 3, 4, 5, 6}));
    CHECK(content.tensors[2].size() == 0);
    CHECK(safetensors_bytes(content) == bytes);
}

TEST_CASE("safetensors: what is written is laid out as the format asks") {
    const std::string bytes = good_bytes();
    const Parts parts(bytes);
    CHECK((bytes.size() - parts.values.size()) % 8 == 0);  // the data are aligned
    CHECK(bytes[8] == '{');
    CHECK(parts.header["W"] ==
          Json{{"dtype", "F32"}, {"shape", {2, 3}}, {"data_offsets", {8, 32}}});
    CHECK(parts.header["__metadata__"]["seed"] == "17");
    CHECK(parts.values == raw({7, 8, 1, 2, 3, 4, 5, 6}));
}

TEST_CASE("safetensors: a file without tensors or metadata and a single number are read") {
    CHECK(read_safetensors(safetensors_bytes({})).tensors.empty());
    const std::string text = R"({"s":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}   )";
    const std::string bytes = Parts::file_of(text, std::string(8, '\0'));
    CHECK(read_safetensors(bytes).tensors.at(0).size() == 1);
}

// The patterns and their values are those of IEEE 754-2008, table 3.5 and section 3.4.
TEST_CASE("safetensors: half precision is read as IEEE 754 has it") {
    const std::vector<double> values =
        read_bits(Dtype::f16, {0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x03ff, 0x0001, 0x0000});
    CHECK(values == std::vector<double>{1, -2, 0.333251953125, 65504, std::ldexp(1, -14),
                                        std::ldexp(1023, -24), std::ldexp(1, -24), 0});
    CHECK(std::signbit(read_bits(Dtype::f16, {0x8000})[0]));
    const std::vector<double> others = read_bits(Dtype::f16, {0x7c00, 0xfc00, 0x7e00, 0x7c01});
    CHECK(others[0] == INFINITY);
    CHECK(others[1] == -INFINITY);
    CHECK(std::isnan(others[2]));
    CHECK(std::isnan(others[3]));
}

TEST_CASE("safetensors: BF16 is read as the upper half of a float") {
    const std::vector<double> values =
        read_bits(Dtype::bf16, {0x3f80, 0xc000, 0x4049, 0x0080, 0x0000});
    CHECK(values == std::vector<double>{1, -2, 3.140625, std::ldexp(1, -126), 0});
    const std::vector<double> others = read_bits(Dtype::bf16, {0x7f80, 0xff80, 0x7fc0});
    CHECK(others[0] == INFINITY);
    CHECK(others[1] == -INFINITY);
    CHECK(std::isnan(others[2]));
}

TEST_CASE("safetensors: a file cut short anywhere is refused") {
    const std::string bytes = good_bytes();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(length);
        CHECK(!complaint(bytes.substr(0, length)).empty());
    }
    CHECK(complaint(bytes).empty());
    CHECK(contains(complaint(bytes + '\0'), "expected 32 bytes of data, found 33"));
}

TEST_CASE("safetensors: a header whose size lies is refused") {
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

TEST_CASE("safetensors: a header that is no safetensors header is refused and says why") {
    for (const char* header : {"", "{", "{]", "{} x", "{'a':{}}", "\xff\xfe", "{\"\xff\":{}}"}) {
        CAPTURE(header);
        CHECK(contains(complaint_of_header(header), "not the JSON of a safetensors file"));
    }
    for (const char* header : {"[]", "null", "3", "-3", "0.5", "true", "\"a\""}) {
        CAPTURE(header);
        CHECK(contains(complaint_of_header(header), "expected an object, found "));
    }
    CHECK(complaint_of_header(R"({"__metadata__":3})") ==
          "its metadata: expected an object, found 3");
    CHECK(complaint_of_header(R"({"__metadata__":{"widths":[4]}})") ==
          "its metadata: expected a string as 'widths', found a list");
    CHECK(complaint_of_header(R"({"a":{"dtype":"I32"}})") ==
          "tensor a: expected dtype F64, F32, F16 or BF16, found 'I32'");
    CHECK(complaint_of_header(R"({"a":{"dtype":"F32","shape":[0]}})") ==
          "tensor a: expected data_offsets, found none");
    CHECK(complaint_of_header(R"({"a":{"colour":"red"}})") ==
          "tensor a: expected dtype, shape and data_offsets, not 'colour', found 'red'");
}

TEST_CASE("safetensors: shapes and offsets that are no whole numbers are refused") {
    for (const Json& shape : {Json("2,3"), Json(), Json{2, -3}, Json{"2", "3"}, Json{1e300, 3},
                              Json{Json{2}, 3}, Json{{"a", 2}}, Json(true)}) {
        CAPTURE(shape.dump());
        CHECK(contains(complaint_after([&](Parts& p) { p.header["W"]["shape"] = shape; }),
                       "tensor W: expected shape [size, ...], found "));
    }
    for (const Json& offsets : {Json{-8, 32}, Json{8}, Json{8, 32, 32}, Json::array(), Json("8,32"),
                                Json(), Json{"8", "32"}, Json{0.5, 8.5}, Json{1e300, 1e300}}) {
        CAPTURE(offsets.dump());
        CHECK(contains(complaint_after([&](Parts& p) { p.header["W"]["data_offsets"] = offsets; }),
                       "tensor W: expected data_offsets [begin, end], found "));
    }
}

TEST_CASE("safetensors: a shape that disagrees with the bytes is refused") {
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    for (const Json& shape :
         {Json{2, 2}, Json{7}, Json::array(), Json{0}, Json{2, 3, 2}, Json{most}, Json{most, 2},
          Json{std::uint64_t{1} << 32, std::uint64_t{1} << 30}, Json{most / 4 + 1, 6}}) {
        CAPTURE(shape.dump());
        CHECK(contains(complaint_after([&](Parts& p) { p.header["W"]["shape"] = shape; }),
                       "tensor W: expected data_offsets of "));
    }
    for (const Json& offsets : {Json{32, 8}, Json{8, 36}, Json{8, 31}, Json{32, 56},
                                Json{most - 23, most}, Json{8, most}, Json{most, 23}, Json{8, 8}}) {
        CAPTURE(offsets.dump());
        CHECK(contains(complaint_after([&](Parts& p) { p.header["W"]["data_offsets"] = offsets; }),
                       "tensor W: expected data_offsets of 24 bytes, found ["));
    }
}

TEST_CASE("safetensors: tensors that overlap or leave bytes unused are refused") {
    const auto moved = [](std::size_t begin) {
        return complaint_after([&](Parts& p) {
            p.header["b"]["data_offsets"] = {begin, begin + 8};
        });
    };
    CHECK(moved(0).empty());
    CHECK(contains(moved(4), "tensor b begins at byte 4 of the data, expected 0"));
    CHECK(contains(moved(8), "begins at byte 8 of the data, expected 0"));
    CHECK(!complaint_after([](Parts& p) { p.header["W"]["data_offsets"] = {0, 24}; }).empty());
    CHECK(contains(complaint_after([](Parts& p) { p.header.erase("b"); }), "expected 0"));
}

TEST_CASE("safetensors: a name or a field that comes twice is refused") {
    const std::string a = R"("a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
    CHECK(complaint_of_header("{" + a + "}").empty());
    CHECK(contains(complaint_of_header("{" + a + "," + a + "}"), "has a twice"));
    CHECK(contains(complaint_of_header(R"({"__metadata__":{},"__metadata__":{}})"), "twice"));
    CHECK(contains(complaint_of_header(R"({"__metadata__":{"k":"1","k":"2"}})"), "has k twice"));
    CHECK(contains(complaint_of_header(R"({"a":{"dtype":"F32","dtype":"F64"}})"), "dtype twice"));
}

TEST_CASE("safetensors: a header that nests without end is refused where it first nests too deep") {
    for (const char* start :
         {"", "{\"__metadata__\":", "{\"a\":", "{\"a\":{\"shape\":", "{\"a\":{\"b\":"}) {
        CAPTURE(start);
        CHECK(contains(complaint_of_header(start + std::string(3'000'000, '[')), "expected "));
    }
    std::string objects = "{";
    for (int depth = 0; depth < 100'000; ++depth) {
        objects += "\"a\":{";
    }
    CHECK(contains(complaint_of_header(objects), "tensor a: expected "));
}

// Before, each of n entries was compared with all others: 80,000 took 25 s.
TEST_CASE("safetensors: a header of 50,000 entries is read in proportion to its length") {
    std::string header = "{";
    for (int i = 0; i < 50'000; ++i) {
        header +=
            '"' + std::to_string(i) + R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)";
    }
    header.back() = '}';
    CHECK(read_safetensors(Parts::file_of(header, "")).tensors.size() == 50'000);
}

TEST_CASE("safetensors: a message shows no more of a long or strange name than a line holds") {
    const std::string name = "a\\n" + std::string(3'000'000, 'x');
    const std::string message = complaint_of_header("{\"" + name + "\":3}");
    CHECK(contains(message, "tensor a?xxx"));
    CHECK(contains(message, "x...: expected an object, found 3"));
}

}  // namespace hourglass
