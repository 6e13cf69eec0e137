#include "layer_list.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/nn/make_layer.hpp"
#include "hourglass/nn/parse_layers.hpp"
#include "safetensors_header.hpp"

namespace hourglass {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t end = 0; end != std::string_view::npos;) {
        end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

/// The names of a list such as "encoder.0; encoder.1".
std::vector<std::string> split_names(std::string_view text) {
    std::vector<std::string> names = split(text, ';');
    for (std::string& name : names) {
        name = std::string(trimmed(name));
    }
    return names;
}

std::uint64_t parse_number(const std::string& text, const std::string& key) {
    std::uint64_t value = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc{} || end != last) {
        throw Error("its '" + key + "' is not a whole number: '" + shown(text) + "'");
    }
    return value;
}

/// As mirrored_autoencoder calls them; a network that is no autoencoder has no halves.
std::string default_name(std::size_t l, std::size_t latent_layer) {
    if (latent_layer == 0) {
        return "layer." + std::to_string(l);
    }
    return l < latent_layer ? "encoder." + std::to_string(l)
                            : "decoder." + std::to_string(l - latent_layer);
}

/// The first version: `widths` 35,25,2,25,35 and `activations` tanh,identity,tanh,tanh.
LayerList read_first_version(const Metadata& metadata) {
    const std::string& text = metadata.at("widths");
    const std::vector<std::string> widths = split(text, ',');
    const std::size_t depth = widths.size() - 1;
    bool mirrored = depth >= 2 && depth % 2 == 0;
    for (std::size_t i = 0; mirrored && i <= depth; ++i) {
        mirrored = parse_number(widths[i], "widths") > 0 && widths[i] == widths[depth - i];
    }
    if (!mirrored) {
        throw Error("its widths " + shown(text) + " are not those of an autoencoder");
    }
    const auto activations = metadata.find("activations");
    if (activations == metadata.end()) {
        throw Error("its metadata have 'widths' but no 'activations'");
    }
    const std::vector<std::string> names = split(activations->second, ',');
    if (names.size() != depth) {
        throw Error("expected " + std::to_string(depth) + " activations, found " +
                    std::to_string(names.size()));
    }
    LayerList list{.lines = {}, .latent_layer = depth / 2};
    for (std::size_t l = 0; l < depth; ++l) {
        list.lines.push_back({default_name(l, list.latent_layer),
                              "dense(" + widths[l] + "," + widths[l + 1] + ")", names[l]});
    }
    return list;
}

void take_names(LayerList& list, const std::vector<std::string>& names) {
    if (names.size() != list.lines.size()) {
        throw Error("expected " + std::to_string(list.lines.size()) +
                    " names, one a layer, found " + std::to_string(names.size()));
    }
    std::set<std::string_view> taken;
    for (std::size_t l = 0; l < names.size(); ++l) {
        if (names[l].empty() || !taken.insert(names[l]).second) {
            throw Error("expected a name of its own for each layer, found '" + shown(names[l]) +
                        "' for layer " + std::to_string(l + 1));
        }
        list.lines[l].name = names[l];
    }
}

/// What a file has left to fill layers with.
struct Room {
    std::size_t tensors = 0;
    std::size_t values = 0;
};

/// Takes what a layer needs, so that a size that lies asks for no more memory than the file has.
void take(Room& room, const std::string& description, const LayerPlan& plan) {
    if (plan.tensors > room.tensors) {
        throw Error(shown(description) + " needs " + std::to_string(plan.tensors) + " tensors, and the file has " +
                    std::to_string(room.tensors) + " left");
    }
    if (plan.values > room.values) {
        throw Error(shown(description) + " needs more values than the file has");
    }
    room.tensors -= plan.tensors;
    room.values -= plan.values;
}

/// @param before  what the layer before gives, if there is one; afterwards what this one gives
std::unique_ptr<Layer> make_line(const LayerList::Line& line, Room& room, std::optional<ImageShape>& before) {
    if (line.description.size() + line.activation.size() > 200) {
        throw Error("expected one such as dense(35,25) tanh, found '" + shown(line.description) +
                    " " + shown(line.activation) + "'");
    }
    const LayerPlan plan = plan_layer(line.description, before ? &*before : nullptr);
    take(room, line.description, plan);
    std::unique_ptr<Layer> layer = plan.make();
    layer->name = line.name;
    layer->activation = activation_from_name(line.activation);
    before = plan.out;
    return layer;
}

}  // namespace

LayerList layer_list(const Network& network, std::size_t latent_layer) {
    LayerList list{.lines = {}, .latent_layer = latent_layer};
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        const Layer& layer = network.layer(l);
        list.lines.push_back({layer.name, layer.description(), name_of(layer.activation)});
    }
    return list;
}

void write_layer_list(Metadata& metadata, const LayerList& list) {
    std::string layers, names;
    std::set<std::string_view> taken;
    for (const LayerList::Line& line : list.lines) {
        // What could not be read back is not written.
        const bool readable = !line.name.empty() && line.name.find_first_of(";\n") == std::string::npos &&
                              line.name.front() != ' ' && line.name.back() != ' ';
        if (!readable || !taken.insert(line.name).second) {
            throw Error("to be saved, each layer needs a name of its own, without a semicolon or blanks "
                        "around it; got '" + shown(line.name) + "'");
        }
        const char* separator = layers.empty() ? "" : "; ";
        layers += separator + line.description + " " + line.activation;
        names += separator + line.name;
    }
    metadata["version"] = "2";
    metadata["layers"] = layers;
    metadata["names"] = names;
    if (list.latent_layer > 0) {
        metadata["latent_layer"] = std::to_string(list.latent_layer);
    }
}

LayerList read_layer_list(const Metadata& metadata) {
    const auto layers = metadata.find("layers");
    if (layers == metadata.end()) {
        if (metadata.contains("widths")) {
            return read_first_version(metadata);
        }
        throw Error(
            "its metadata have no 'layers'; expected a model of Hourglass "
            "(docs/model_files.md says what one has)");
    }
    const auto version = metadata.find("version");
    if (version != metadata.end() && version->second != "2") {
        throw Error("expected a model file of version 2 or older, found " + shown(version->second));
    }
    LayerList list{.lines = {}, .latent_layer = whole_number(metadata, "latent_layer")};
    for (LayerText& item : split_layers(layers->second)) {
        if (item.activation.empty()) {
            throw Error("its 'layers': expected a layer and its activation, as in dense(35,25) tanh, found '" +
                        shown(item.description) + "'");
        }
        list.lines.push_back({default_name(list.lines.size(), list.latent_layer), std::move(item.description),
                              std::move(item.activation)});
    }
    const auto names = metadata.find("names");
    if (names != metadata.end()) {
        take_names(list, split_names(names->second));
    }
    return list;
}

std::uint64_t whole_number(const Metadata& metadata, const std::string& key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? 0 : parse_number(found->second, key);
}

std::vector<std::unique_ptr<Layer>> make_layers(const LayerList& list, const Safetensors& content) {
    Room room{.tensors = content.tensors.size()};
    for (const Tensor& tensor : content.tensors) {
        room.values += tensor.size();
    }
    std::vector<std::unique_ptr<Layer>> layers;
    std::optional<ImageShape> before;
    for (const LayerList::Line& line : list.lines) {
        try {
            layers.push_back(make_line(line, room, before));
        } catch (const Error& error) {
            throw Error("layer " + shown(line.name) + ": " + one_line(error.what()));
        }
    }
    return layers;
}

}  // namespace hourglass
