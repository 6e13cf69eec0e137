// The workload directories of workloads.hpp.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/transposed_convolution.hpp"
#include "workloads.hpp"

namespace hourglass::bench {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "the files hold little-endian numbers");

/// Appends the values to `bytes`, as numbers of type To.
template <typename To, typename From>
void append(std::string& bytes, std::span<const From> values) {
    for (const From value : values) {
        const To number = static_cast<To>(value);
        char raw[sizeof number];
        std::memcpy(raw, &number, sizeof number);
        bytes.append(raw, sizeof raw);
    }
}

/// The whole of a file that holds so many numbers.
template <typename Number>
std::vector<Number> read_numbers(const std::filesystem::path& path, std::size_t count) {
    const std::string bytes = read_file(path);
    if (bytes.size() != count * sizeof(Number)) {
        throw Error(path.string() + ": expected " + std::to_string(count * sizeof(Number)) +
                    " bytes, got " + std::to_string(bytes.size()));
    }
    std::vector<Number> numbers(count);
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    return numbers;
}

Matrix read_matrix(const std::filesystem::path& path, std::size_t rows, std::size_t cols) {
    const std::vector<float> numbers = read_numbers<float>(path, rows * cols);
    Matrix matrix(rows, cols);
    std::ranges::copy(numbers, matrix.flat().begin());
    return matrix;
}

/// Of a sample's forward pass; its dW and dX each take as many again.
std::size_t multiply_adds(const Layer& layer) {
    if (const auto* convolution = dynamic_cast<const Convolution*>(&layer)) {
        return convolution->window.places() * convolution->W.size();
    }
    if (const auto* transposed = dynamic_cast<const TransposedConvolution*>(&layer)) {
        return transposed->window.places() * transposed->W.size();
    }
    return layer.in() * layer.out();
}

Json description(const Workload& workload) {
    const Network network = make_network(workload);
    std::vector<std::string> layers;
    std::size_t work = 0;
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        layers.push_back(network.layer(l).description());
        work += (l == 1 ? 2 : 3) * multiply_adds(network.layer(l));  // nobody computes dX of the first layer
    }
    return {{"name", workload.name},
            {"title", workload.title},
            {"widths", workload.widths},
            {"layers", layers},
            {"parameters", network.parameter_count()},
            {"multiply_adds", work},
            {"hidden", name_of(workload.hidden)},
            {"output", name_of(workload.output)},
            {"batch", workload.batch_size},
            {"samples", workload.X.rows()},
            {"learning_rate", workload.learning_rate},
            {"convolutional", workload.convolutional},
            {"order_steps", workload.order_steps()},
            {"has_targets", !workload.T.empty()}};
}

Specification specification_from(const Json& json) {
    return {.name = json.at("name"),
            .title = json.at("title"),
            .widths = json.at("widths"),
            .hidden = activation_from_name(json.at("hidden").get<std::string>()),
            .output = activation_from_name(json.at("output").get<std::string>()),
            .batch_size = json.at("batch"),
            .learning_rate = json.at("learning_rate"),
            .convolutional = json.value("convolutional", false)};
}

}  // namespace

void write_workload(const std::filesystem::path& folder, const Workload& workload) {
    make_writable_folder(folder);
    const auto write_floats = [&](const char* name, std::span<const Scalar> values) {
        std::string bytes;
        append<float>(bytes, values);
        write_file(folder / name, bytes);
    };
    write_floats("X.f32", workload.X.flat());
    if (!workload.T.empty()) {
        write_floats("T.f32", workload.T.flat());
    }
    Network network = make_network(workload);
    std::string parameters;
    for (const Parameter& parameter : network.parameters()) {
        append<float>(parameters, std::span<const Scalar>(parameter.value));
    }
    write_file(folder / "params.f32", parameters);
    std::string order;
    append<std::int32_t>(order, std::span<const std::size_t>(workload.order));
    write_file(folder / "order.i32", order);
    write_file(folder / "workload.json", description(workload).dump(2) + "\n");
}

Workload read_workload(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "workload.json";
    try {
        const Json json = Json::parse(read_file(path));
        Workload workload;
        static_cast<Specification&>(workload) = specification_from(json);
        if (workload.widths.size() < 2) {
            throw Error(path.string() + ": expected at least two widths");
        }
        const std::size_t samples = json.at("samples");
        workload.X = read_matrix(folder / "X.f32", samples, workload.widths.at(0));
        if (json.at("has_targets")) {
            workload.T = read_matrix(folder / "T.f32", samples, workload.widths.back());
        }
        const std::size_t order_steps = json.at("order_steps");
        const auto order =
            read_numbers<std::int32_t>(folder / "order.i32", order_steps * workload.batch_size);
        for (const std::int32_t sample : order) {
            if (sample < 0 || static_cast<std::size_t>(sample) >= samples) {
                throw Error((folder / "order.i32").string() + ": expected samples from 0 to " +
                            std::to_string(samples - 1) + ", got " + std::to_string(sample));
            }
            workload.order.push_back(static_cast<std::size_t>(sample));
        }
        if (workload.order.empty()) {
            throw Error(path.string() + ": expected at least one step of at least one sample");
        }
        return workload;
    } catch (const Json::exception& error) {
        throw Error(path.string() + ": " + error.what());
    }
}

Network read_network(const std::filesystem::path& folder, const Specification& specification) {
    Network network = make_network(specification);
    const auto numbers = read_numbers<float>(folder / "params.f32", network.parameter_count());
    auto next = numbers.begin();
    for (const Parameter& parameter : network.parameters()) {
        const auto end = next + static_cast<std::ptrdiff_t>(parameter.value.size());
        std::copy(next, end, parameter.value.begin());
        next = end;
    }
    return network;
}

}  // namespace hourglass::bench
