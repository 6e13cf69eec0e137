#include "safetensors_header.hpp"

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

using Json = nlohmann::json;

/// Takes the tokens of a header from the parser. Depth 1 is inside the header's braces, 2 inside those
/// of a tensor or of the metadata, 3 inside a list of numbers.
class HeaderReader : public nlohmann::json_sax<Json> {
public:
    Header header;

    bool start_object(std::size_t /*size*/) override {
        if (depth_ > 1) {
            unexpected("an object");
        }
        ++depth_;
        fields_.clear();
        return true;
    }

    bool key(std::string& key) override {
        if (depth_ == 1) {
            start_entry(key);
        } else if (!fields_.insert(key).second) {
            throw Error(where() + ": has " + shown(key) + " twice");
        }
        field_ = key;
        return true;
    }

    bool string(std::string& text) override {
        if (depth_ == 2 && in_metadata_) {
            header.metadata[field_] = text;
        } else if (depth_ == 2 && field_ == "dtype") {
            header.tensors.back().dtype = dtype_from_name(text);
        } else {
            unexpected("'" + shown(text) + "'");
        }
        return true;
    }

    bool start_array(std::size_t /*size*/) override {
        if (depth_ != 2 || in_metadata_ || (field_ != "shape" && field_ != "data_offsets")) {
            unexpected("a list");
        }
        ++depth_;
        numbers_.clear();
        return true;
    }

    bool number_unsigned(std::uint64_t number) override {
        if (depth_ != 3) {
            unexpected(std::to_string(number));
        }
        numbers_.push_back(number);
        return true;
    }

    bool end_array() override {
        --depth_;
        TensorEntry& entry = header.tensors.back();
        if (field_ == "shape") {
            entry.shape = std::move(numbers_);
        } else if (numbers_.size() == 2) {
            entry.begin = numbers_[0];
            entry.end = numbers_[1];
        } else {
            unexpected(std::to_string(numbers_.size()) + " numbers");
        }
        return true;
    }

    bool end_object() override {
        --depth_;
        if (depth_ == 1 && !in_metadata_) {
            for (const char* needed : {"dtype", "shape", "data_offsets"}) {
                if (!fields_.contains(needed)) {
                    throw Error(where() + ": expected " + needed + ", found none");
                }
            }
        }
        return true;
    }

    bool null() override { unexpected("null"); }
    bool boolean(bool value) override { unexpected(value ? "true" : "false"); }
    bool number_integer(std::int64_t number) override { unexpected(std::to_string(number)); }
    bool number_float(double /*number*/, const std::string& text) override {
        unexpected(shown(text));
    }
    bool binary(Json::binary_t& /*bytes*/) override { unexpected("bytes"); }

    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& /*error*/) override {
        throw Error("its header is not the JSON of a safetensors file, at byte " +
                    std::to_string(position));
    }

private:
    void start_entry(const std::string& name) {
        if (!names_.insert(name).second) {
            throw Error("its header has " + shown(name) + " twice");
        }
        in_metadata_ = name == "__metadata__";
        if (!in_metadata_) {
            header.tensors.push_back({.name = name, .shape = {}});
        }
    }

    Dtype dtype_from_name(const std::string& name) const {
        for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16}) {
            if (name == name_of(dtype)) {
                return dtype;
            }
        }
        unexpected("'" + shown(name) + "'");
    }

    std::string where() const {
        return in_metadata_ ? "its metadata" : "tensor " + shown(header.tensors.back().name);
    }

    /// A token that has no place where it stands.
    [[noreturn]] void unexpected(const std::string& found) const {
        if (names_.empty()) {
            throw Error("its header is not that of a safetensors file: expected an object, found " +
                        found);
        }
        std::string expected = "an object";
        if (depth_ > 1 && in_metadata_) {
            expected = "a string as '" + shown(field_) + "'";
        } else if (depth_ > 1 && field_ == "dtype") {
            expected = "dtype F64, F32, F16 or BF16";
        } else if (depth_ > 1 && field_ == "shape") {
            expected = "shape [size, ...]";
        } else if (depth_ > 1 && field_ == "data_offsets") {
            expected = "data_offsets [begin, end]";
        } else if (depth_ > 1) {
            expected = "dtype, shape and data_offsets, not '" + shown(field_) + "'";
        }
        throw Error(where() + ": expected " + expected + ", found " + found);
    }

    int depth_ = 0;
    bool in_metadata_ = false;
    std::set<std::string> names_;                // of the tensors so far
    std::set<std::string, std::less<>> fields_;  // of the object being read
    std::string field_;                          // the last of them
    std::vector<std::uint64_t> numbers_;         // of the list being read
};

}  // namespace

Header read_header(std::string_view json) {
    HeaderReader reader;
    Json::sax_parse(json.begin(), json.end(), &reader);
    return std::move(reader.header);
}

std::string shown(std::string_view text) {
    constexpr std::size_t longest = 60;
    if (text.size() <= longest) {
        return one_line(text);
    }
    std::size_t end = longest;
    while (end > 0 && (text[end] & 0xc0) == 0x80) {  // not within a character of UTF-8
        --end;
    }
    return one_line(text.substr(0, end)) + "...";
}

}  // namespace hourglass
