// ./lab trace-diff A B: where two traces part, of which --trace FILE wrote each.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/io/command_line.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/io/program.hpp"
#include "hourglass/io/safetensors.hpp"

namespace hourglass {
namespace {

constexpr const char* usage =
    R"(Compares two traces, of which --trace FILE of an exercise wrote each: says at which step, layer, tensor and entry
the two part first, and by how much.

  ./lab letters --trace a.safetensors
  ./lab letters --trace b.safetensors --learning-rate 0.004
  ./lab trace-diff a.safetensors b.safetensors

Numbers may differ by --tolerance times the largest of their tensor: 0 asks for the same numbers, 1e-5 lets a trace of a
debug build, in double precision, and one of a release build agree.

Exit status: 0 they agree, 1 they part, 2 bad input.

)";

struct Options {
    std::string a, b;
    double tolerance = 0;
};

/// A trace and the bytes that its tensors point into.
struct Read {
    std::string bytes;
    Safetensors content;
};

Read read_trace(const std::string& path) {
    Read trace{read_file(path), {}};
    try {
        trace.content = read_safetensors(trace.bytes);
    } catch (const Error& error) {
        throw Error(path + ": " + error.what());
    }
    if (!trace.content.metadata.contains("steps")) {
        throw Error(path + ": expected a trace, as --trace writes it, found no 'steps' in its metadata");
    }
    return trace;
}

std::vector<double> numbers(const Tensor& tensor) {
    std::vector<Scalar> values(tensor.size());
    copy_values(values, tensor);
    return {values.begin(), values.end()};
}

/// "[3,7]" for a position in a tensor of that shape.
std::string index_text(std::size_t position, const std::vector<std::size_t>& shape) {
    std::string index;
    for (std::size_t d = shape.size(); d-- > 0;) {
        index = std::to_string(position % shape[d]) + (index.empty() ? "" : "," + index);
        position /= shape[d];
    }
    return index.empty() ? "" : "[" + index + "]";
}

/// Where two tensors differ.
struct Parting {
    std::string name;  // "2.encoder.1.dW"
    std::string text;  // what is to be said of it
};

/// The entry that differs most, if one differs by more than the tolerance.
std::optional<Parting> compare(const Tensor& a, const Tensor& b, double tolerance) {
    if (a.shape != b.shape) {
        return Parting{a.name, "has another shape: " + std::to_string(a.size()) + " and " + std::to_string(b.size()) + " numbers"};
    }
    const std::vector<double> x = numbers(a), y = numbers(b);
    double scale = 0, most = 0;
    std::size_t count = 0, worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        scale = std::max({scale, std::abs(x[i]), std::abs(y[i])});
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        const bool same = x[i] == y[i] || (std::isnan(x[i]) && std::isnan(y[i]));
        const double difference = std::abs(x[i] - y[i]);
        if (same || difference <= tolerance * scale) {
            continue;
        }
        ++count;
        if (count == 1 || !(difference <= most)) {
            most = difference;
            worst = i;
        }
    }
    if (count == 0) {
        return std::nullopt;
    }
    return Parting{a.name, text("%zu of %zu numbers differ, most ", count, x.size()) + index_text(worst, a.shape) +
                               text(": %.9g and %.9g, by %.3g", x[worst], y[worst], most)};
}

/// "step 2, layer encoder.1, dW" for "2.encoder.1.dW".
std::string place_text(const std::string& name) {
    const std::size_t first = name.find('.'), last = name.rfind('.');
    const std::string layer = last > first ? ", layer " + name.substr(first + 1, last - first - 1) : "";
    return "step " + name.substr(0, first) + layer + ", " + name.substr(last + 1);
}

/// Every tensor of `a` against that of `b`, in the order in which a step computes them.
std::vector<Parting> compare(const Safetensors& a, const Safetensors& b, double tolerance) {
    std::map<std::string, const Tensor*> others;
    for (const Tensor& tensor : b.tensors) {
        others[tensor.name] = &tensor;
    }
    std::vector<Parting> partings;
    for (const Tensor& tensor : a.tensors) {
        const auto found = others.find(tensor.name);
        if (found == others.end()) {
            partings.push_back({tensor.name, "is in the first trace alone"});
            continue;
        }
        if (auto parting = compare(tensor, *found->second, tolerance)) {
            partings.push_back(std::move(*parting));
        }
        others.erase(found);
    }
    for (const auto& [name, tensor] : others) {
        partings.push_back({name, "is in the second trace alone"});
    }
    return partings;
}

Outcome compare_files(const Options& options) {
    const Read a = read_trace(options.a), b = read_trace(options.b);
    const std::vector<Parting> partings = compare(a.content, b.content, options.tolerance);
    if (partings.empty()) {
        std::cout << "The traces agree: " << a.content.tensors.size() << " tensors of "
                  << a.content.metadata.at("steps") << " steps.\n";
        return Outcome::criterion_held;
    }
    std::cout << "The traces part at " << place_text(partings.front().name) << ":\n  " << partings.front().text << "\n";
    if (partings.size() > 1) {
        std::cout << "Then " << partings.size() - 1 << " more of " << a.content.tensors.size() << " tensors:\n";
    }
    for (std::size_t i = 1; i < std::min<std::size_t>(partings.size(), 9); ++i) {
        std::cout << "  " << place_text(partings[i].name) << ": " << partings[i].text << "\n";
    }
    return Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass

int main(int argc, char** argv) {
    using namespace hourglass;
    return run_program("trace-diff", [&] {
        Options options;
        // The files have no option before them: what follows them is for the command line to read.
        std::vector<const char*> rest = {argv[0]};
        std::vector<std::string> files;
        for (int i = 1; i < argc; ++i) {
            const std::string word = argv[i];
            const bool is_value = i > 1 && std::string(argv[i - 1]) == "--tolerance";
            word.starts_with("-") || is_value ? rest.push_back(argv[i]) : files.push_back(word);
        }
        CommandLine line(usage);
        line.add_number("tolerance", "How far numbers may differ, as a share of the largest of their tensor.",
                        options.tolerance);
        if (!line.parse(static_cast<int>(rest.size()), rest.data())) {
            return Outcome::criterion_held;
        }
        if (files.size() != 2) {
            throw Error("expected two files, as in: trace-diff A B; got " + std::to_string(files.size()));
        }
        if (!(options.tolerance >= 0)) {
            throw Error("--tolerance: expected a number of at least 0, got " + to_text(options.tolerance));
        }
        options.a = files[0];
        options.b = files[1];
        return compare_files(options);
    });
}
