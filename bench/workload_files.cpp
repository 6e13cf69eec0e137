// The workload directories of workloads.hpp.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "training.hpp"
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

/// eps of the compared steps, one step after another; "" if nothing is drawn.
std::string first_draws(const Workload& workload, const Network& network) {
    std::string draws;
    Training training(workload, network);
    for (std::size_t step = 0; step < compared_steps; ++step) {
        training.step();
        for (std::size_t l = 1; l <= network.depth(); ++l) {
            if (dynamic_cast<const Sampling*>(&network.layer(l)) != nullptr) {
                append<float>(draws, training.workspace().pass[l][Sampling::eps].flat());
            }
        }
    }
    return draws;
}

Json description(const Workload& workload) {
    const Network network = make_network(workload);
    std::vector<std::string> layers;
    std::vector<std::string> activations;
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        layers.push_back(network.layer(l).description());
        activations.emplace_back(name_of(network.layer(l).activation));
    }
    return {{"name", workload.name},
            {"title", workload.title},
            {"widths", network.widths()},
            {"layers", layers},
            {"activations", activations},
            {"loss", name_of(workload.loss)},
            {"parameters", network.parameter_count()},
            {"multiply_adds", multiply_adds(network)},
            {"batch", workload.batch_size},
            {"samples", workload.X.rows()},
            {"learning_rate", workload.learning_rate},
            {"order_steps", workload.order_steps()},
            {"has_targets", !workload.T.empty()}};
}

Specification specification_from(const Json& json) {
    const std::vector<std::string> activations = json.at("activations");
    std::string layers;
    for (std::size_t l = 0; l < activations.size(); ++l) {
        layers += (l == 0 ? "" : ", ") + json.at("layers").at(l).get<std::string>() + " " + activations[l];
    }
    return {.name = json.at("name"),
            .title = json.at("title"),
            .layers = layers,
            .batch_size = json.at("batch"),
            .learning_rate = json.at("learning_rate"),
            .loss = loss_from_name(json.at("loss").get<std::string>())};
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
    if (const std::string draws = first_draws(workload, network); !draws.empty()) {
        write_file(folder / "eps.f32", draws);
    }
    write_file(folder / "workload.json", description(workload).dump(2) + "\n");
}

Workload read_workload(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "workload.json";
    try {
        const Json json = Json::parse(read_file(path));
        Workload workload;
        static_cast<Specification&>(workload) = specification_from(json);
        const Network network = make_network(workload);
        const std::size_t samples = json.at("samples");
        workload.X = read_matrix(folder / "X.f32", samples, network.in());
        if (json.at("has_targets")) {
            workload.T = read_matrix(folder / "T.f32", samples, network.out());
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
