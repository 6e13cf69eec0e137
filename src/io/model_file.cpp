#include "hourglass/io/model_file.hpp"

#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/safetensors.hpp"
#include "layer_list.hpp"
#include "safetensors_header.hpp"

namespace hourglass {
namespace {

std::string bytes_of(Network network, std::size_t latent_layer, std::uint64_t seed, int epoch,
                     const std::map<std::string, std::string>& metadata) {
    Safetensors content{{}, metadata};
    write_layer_list(content.metadata, layer_list(network, latent_layer));
    content.metadata["seed"] = std::to_string(seed);
    content.metadata["epoch"] = std::to_string(epoch);
    for (const Parameter& p : network.parameters()) {
        content.tensors.push_back(
            {p.name,
             scalar_dtype,
             p.shape,
             {reinterpret_cast<const char*>(p.value.data()), p.value.size_bytes()}});
    }
    return safetensors_bytes(content);
}

/// PyTorch's name for a parameter: "encoder.0.weight" for "encoder.0.W", and for the gamma of a batch norm.
std::string torch_name(const std::string& name) {
    static const std::unordered_map<std::string, std::string> names = {{"W", "weight"},
                                                                       {"b", "bias"},
                                                                       {"gamma", "weight"},
                                                                       {"beta", "bias"},
                                                                       {"running_variance", "running_var"}};
    const std::size_t dot = name.rfind('.') + 1;
    const auto found = names.find(name.substr(dot));
    return found == names.end() ? name : name.substr(0, dot) + found->second;
}

std::string shape_text(const std::vector<std::size_t>& shape) {
    std::string text;
    for (const std::size_t extent : shape) {
        text += (text.empty() ? "" : ",") + std::to_string(extent);
    }
    return "[" + text + "]";
}

void fill(const Parameter& p, const Tensor& tensor) {
    if (tensor.shape != p.shape) {
        throw Error("tensor " + shown(tensor.name) + ": expected shape " + shape_text(p.shape) +
                    ", found " + shown(shape_text(tensor.shape)));
    }
    copy_values(p.value, tensor);
    for (std::size_t i = 0; i < p.value.size(); ++i) {
        if (!std::isfinite(p.value[i])) {
            throw Error("tensor " + shown(tensor.name) + ": value " + std::to_string(i) +
                        " is not a finite number");
        }
        if (p.name.ends_with(".running_variance") && p.value[i] < 0) {
            throw Error("tensor " + shown(tensor.name) + ": value " + std::to_string(i) +
                        " is negative, and no variance is");
        }
    }
}

/// Each parameter from its tensor, and each tensor into a parameter.
void fill(Network& network, const Safetensors& content) {
    const std::vector<Parameter> parameters = network.parameters();
    if (content.tensors.size() != parameters.size()) {
        throw Error("expected " + std::to_string(parameters.size()) +
                    " tensors for its layers, found " + std::to_string(content.tensors.size()));
    }
    std::unordered_map<std::string_view, const Tensor*> tensors;
    for (const Tensor& tensor : content.tensors) {
        tensors[tensor.name] = &tensor;
    }
    for (const Parameter& p : parameters) {
        auto found = tensors.find(p.name);
        if (found == tensors.end() && p.shape.size() <= 2) {  // a kernel is ordered otherwise there
            found = tensors.find(torch_name(p.name));
        }
        if (found == tensors.end()) {
            throw Error("it has no tensor " + shown(p.name));
        }
        fill(p, *found->second);
    }
}

/// @param make  the model of these layers
template <class Model, class Make>
Saved<Model> read_model(std::string_view bytes, const Make& make) {
    const Safetensors content = read_safetensors(bytes);
    const LayerList list = read_layer_list(content.metadata);
    const std::uint64_t epoch = whole_number(content.metadata, "epoch");
    if (epoch > static_cast<std::uint64_t>(std::numeric_limits<int>::max())) {
        throw Error("its 'epoch' is too large: " + std::to_string(epoch));
    }
    Saved<Model> saved{make(make_layers(list, content), list.latent_layer),
                       whole_number(content.metadata, "seed"), static_cast<int>(epoch), content.metadata};
    fill(saved.model, content);
    return saved;
}

/// What `read` makes of a file's bytes; a complaint names the file.
template <class Read>
auto read_named(const std::filesystem::path& path, const Read& read) {
    const std::string bytes = read_file(path);
    try {
        return read(bytes);
    } catch (const Error& error) {
        throw Error(path.string() + ": " + error.what());
    }
}

}  // namespace

std::string model_bytes(const Autoencoder& model, std::uint64_t seed, int epoch,
                        const std::map<std::string, std::string>& metadata) {
    return bytes_of(model, model.latent_layer(), seed, epoch, metadata);
}

std::string model_bytes(const Network& network, std::uint64_t seed, int epoch) {
    return bytes_of(network, 0, seed, epoch, {});
}

SavedModel model_from_bytes(std::string_view bytes) {
    return read_model<Autoencoder>(bytes, [](auto layers, std::size_t latent_layer) {
        if (latent_layer == 0) {
            throw Error("is no autoencoder: its metadata have no 'latent_layer'");
        }
        return Autoencoder(std::move(layers), latent_layer);
    });
}

SavedNetwork network_from_bytes(std::string_view bytes) {
    return read_model<Network>(bytes, [](auto layers, std::size_t /*latent_layer*/) {
        return Network(std::move(layers));
    });
}

void save_model(const std::filesystem::path& path, const Autoencoder& model, std::uint64_t seed,
                int epoch, const std::map<std::string, std::string>& metadata) {
    write_file(path, model_bytes(model, seed, epoch, metadata));
}

void save_model(const std::filesystem::path& path, const Network& network, std::uint64_t seed,
                int epoch) {
    write_file(path, model_bytes(network, seed, epoch));
}

SavedModel load_model(const std::filesystem::path& path) {
    return read_named(path, model_from_bytes);
}

SavedNetwork load_network(const std::filesystem::path& path) {
    return read_named(path, network_from_bytes);
}

}  // namespace hourglass
