#include "hourglass/io/model_file.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

using Json = nlohmann::json;  // keeps its keys sorted, so that the same model gives the same bytes

constexpr const char* scalar_type = sizeof(Scalar) == 4 ? "F32" : "F64";
constexpr std::size_t size_field = 8;  // bytes of the header's size at the start of the file

/// One tensor of a model: its name, its shape, and where its values are.
struct Tensor {
    std::string name;
    std::vector<std::size_t> shape;
    std::span<Scalar> values;
};

std::vector<Tensor> tensors_of(Network& network) {
    std::vector<Tensor> tensors;
    for (const Parameter& p : network.parameters()) {
        tensors.push_back({p.name, p.shape, p.value});
    }
    return tensors;
}

template <typename Items, typename ToText>
std::string joined(const Items& items, const ToText& to_text) {
    std::string result;
    for (const auto& item : items) {
        result += (result.empty() ? "" : ",") + to_text(item);
    }
    return result;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == ',') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

/// Reads one file; every complaint names it.
class ModelReader {
public:
    explicit ModelReader(const std::filesystem::path& path)
        : file_(path.string()), content_(read_file(path)) {}

    SavedModel read() {
        read_header();
        const std::vector<std::size_t> widths = read_widths();
        SavedModel saved{build(widths), number<std::uint64_t>("seed"), number<int>("epoch")};
        if (saved.epoch < 0) {
            fail("its 'epoch' is negative: " + std::to_string(saved.epoch));
        }
        const std::vector<Tensor> tensors = tensors_of(saved.model);
        if (header_.size() != tensors.size()) {
            fail("expected " + std::to_string(tensors.size()) + " tensors for its widths, found " +
                 std::to_string(header_.size()));
        }
        for (const Tensor& tensor : tensors) {
            read_tensor(tensor);
        }
        require_all_used();
        return saved;
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(one_line(file_ + ": " + what));
    }

    void read_header() {
        if (content_.size() < size_field) {
            fail("expected a safetensors file, found only " + std::to_string(content_.size()) +
                 " bytes");
        }
        std::uint64_t size = 0;
        std::memcpy(&size, content_.data(), size_field);
        if (size > content_.size() - size_field) {
            fail("expected a safetensors file; its header claims " + std::to_string(size) +
                 " bytes, the file has " + std::to_string(content_.size()));
        }
        // A header is three levels deep. Whatever nests deeper is left out, so that it cannot pile up.
        const auto shallow = [](int depth, Json::parse_event_t, const Json&) { return depth <= 4; };
        header_ = Json::parse(content_.begin() + size_field,
                              content_.begin() + size_field + static_cast<std::ptrdiff_t>(size),
                              shallow, false);
        if (!header_.is_object()) {
            fail("its header is not the JSON of a safetensors file");
        }
        values_ = std::string_view(content_).substr(size_field + size);
        metadata_ = header_.value("__metadata__", Json::object());
        header_.erase("__metadata__");
    }

    std::string metadata(const char* key) const {
        if (!metadata_.is_object() || !metadata_.contains(key) || !metadata_[key].is_string()) {
            fail(std::string("its metadata has no '") + key + "'; expected a model of Hourglass");
        }
        return metadata_[key].get<std::string>();
    }

    template <typename Number>
    Number parse(const std::string& text, const char* what) const {
        Number value{};
        const char* last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data(), last, value);
        if (error != std::errc{} || end != last || text.empty()) {
            fail(std::string("its '") + what + "' is not a whole number: '" + text + "'");
        }
        return value;
    }

    template <typename Number>
    Number number(const char* key) const {
        return parse<Number>(metadata(key), key);
    }

    std::vector<std::size_t> read_widths() const {
        std::vector<std::size_t> widths;
        for (const std::string& width : split(metadata("widths"))) {
            widths.push_back(parse<std::size_t>(width, "widths"));
        }
        const std::size_t layers = widths.size() - 1;
        bool mirrored = layers >= 2 && layers % 2 == 0;
        for (std::size_t i = 0; mirrored && i < widths.size(); ++i) {
            mirrored = widths[i] > 0 && widths[i] == widths[layers - i];
        }
        if (!mirrored) {
            fail("its widths " + metadata("widths") + " are not those of an autoencoder");
        }
        // A width that lies must not make us ask for more memory than the file can fill.
        std::size_t room = values_.size() / sizeof(float);
        for (std::size_t l = 0; l < layers; ++l) {
            if (widths[l] > room || widths[l + 1] > room / widths[l]) {
                fail("its widths " + metadata("widths") + " need more values than the file has");
            }
            room -= widths[l] * widths[l + 1];
        }
        return widths;
    }

    Autoencoder build(const std::vector<std::size_t>& widths) const {
        const std::size_t layers = widths.size() - 1;
        const std::vector<std::string> names = split(metadata("activations"));
        if (names.size() != layers) {
            fail("expected " + std::to_string(layers) + " activations, found " +
                 std::to_string(names.size()));
        }
        const std::span<const std::size_t> encoder_widths(widths.data(), layers / 2 + 1);
        Autoencoder model = mirrored_autoencoder(encoder_widths, {});
        for (std::size_t l = 1; l <= layers; ++l) {
            try {
                model.layer(l).activation = activation_from_name(names[l - 1]);
            } catch (const Error& error) {
                fail(error.what());
            }
        }
        return model;
    }

    void read_tensor(const Tensor& tensor) {
        const auto entry = header_.find(tensor.name);
        if (entry == header_.end() || !entry->is_object()) {
            fail("it has no tensor " + tensor.name);
        }
        const Json shape = entry->value("shape", Json());
        if (shape != Json(tensor.shape)) {
            fail("tensor " + tensor.name + ": expected shape " + Json(tensor.shape).dump() +
                 ", found " + shape.dump());
        }
        const Json type = entry->value("dtype", Json());
        if (type == "F32") {
            copy_values<float>(tensor, *entry);
        } else if (type == "F64") {
            copy_values<double>(tensor, *entry);
        } else {
            fail("tensor " + tensor.name + ": expected dtype F32 or F64, found " + type.dump());
        }
    }

    template <typename Stored>
    void copy_values(const Tensor& tensor, const Json& entry) {
        const Json offsets = entry.value("data_offsets", Json());
        if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
            !offsets[1].is_number_unsigned()) {
            fail("tensor " + tensor.name + ": expected data_offsets [begin, end], found " +
                 offsets.dump());
        }
        const auto begin = offsets[0].get<std::uint64_t>();
        const auto end = offsets[1].get<std::uint64_t>();
        const std::size_t bytes = tensor.values.size() * sizeof(Stored);
        if (end > values_.size() || begin > end || end - begin != bytes) {
            fail("tensor " + tensor.name + ": expected " + std::to_string(bytes) +
                 " bytes, found " + offsets.dump() + " of " + std::to_string(values_.size()) +
                 "; is the file cut short?");
        }
        ranges_.emplace_back(begin, end);
        for (std::size_t i = 0; i < tensor.values.size(); ++i) {
            Stored stored{};
            std::memcpy(&stored, values_.data() + begin + i * sizeof(Stored), sizeof(Stored));
            tensor.values[i] = static_cast<Scalar>(stored);
            if (!std::isfinite(tensor.values[i])) {
                fail("tensor " + tensor.name + ": value " + std::to_string(i) +
                     " is not a finite number");
            }
        }
    }

    /// The format has no holes: each byte after the header belongs to just one tensor.
    void require_all_used() {
        std::ranges::sort(ranges_);
        std::uint64_t used = 0;
        for (const auto& [begin, end] : ranges_) {
            if (begin != used) {
                fail("its tensors overlap, or leave bytes unused, at byte " + std::to_string(used) +
                     " of the values");
            }
            used = end;
        }
        if (used != values_.size()) {
            fail("it has " + std::to_string(values_.size() - used) +
                 " bytes more than its tensors");
        }
    }

    std::string file_;
    std::string content_;
    std::string_view values_;  // what follows the header
    Json header_;              // without the metadata
    Json metadata_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>>
        ranges_;  // begin and end of each tensor read
};

}  // namespace

void save_model(const std::filesystem::path& path, const Autoencoder& model, std::uint64_t seed,
                int epoch) {
    Autoencoder copy = model;  // parameters() hands out values that may be changed
    std::vector<Activation> activations;
    for (std::size_t l = 1; l <= model.depth(); ++l) {
        activations.push_back(model.layer(l).activation);
    }
    Json header;
    header["__metadata__"] = {
        {"widths", joined(model.widths(), [](std::size_t width) { return std::to_string(width); })},
        {"activations", joined(activations, [](const Activation& f) { return name_of(f); })},
        {"seed", std::to_string(seed)},
        {"epoch", std::to_string(epoch)},
    };
    std::string values;
    for (const Tensor& tensor : tensors_of(copy)) {
        const std::size_t begin = values.size();
        values.append(reinterpret_cast<const char*>(tensor.values.data()),
                      tensor.values.size_bytes());
        header[tensor.name] = {{"dtype", scalar_type},
                               {"shape", tensor.shape},
                               {"data_offsets", {begin, values.size()}}};
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');  // so that the values are aligned
    const std::uint64_t size = text.size();
    std::string content(size_field, '\0');
    std::memcpy(content.data(), &size, size_field);
    write_file(path, content + text + values);
}

SavedModel load_model(const std::filesystem::path& path) {
    return ModelReader(path).read();
}

}  // namespace hourglass
