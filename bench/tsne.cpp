// A map by t-SNE of points that another program wrote, and the time it took: bench/peers/tsne.py starts this beside others.

#include "hourglass/analysis/tsne.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "hourglass/core/error.hpp"
#include "hourglass/core/threads.hpp"
#include "hourglass/io/command_line.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/io/program.hpp"

namespace hourglass::bench {
namespace {

struct TsneRun {
    std::string points, out;
    std::size_t columns = 50;
    int threads = 1;
    double theta = -1;
    TsneOptions options;
};

/// Rows of float32, one after another.
Matrix read_points(const std::string& path, std::size_t columns) {
    const std::string bytes = read_file(path);
    const std::size_t row = columns * sizeof(float);
    if (bytes.empty() || bytes.size() % row != 0) {
        throw Error(path + ": expected rows of " + std::to_string(row) + " bytes, got " + std::to_string(bytes.size()) +
                    " bytes");
    }
    std::vector<float> numbers(bytes.size() / sizeof(float));
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    Matrix X(numbers.size() / columns, columns);
    std::ranges::copy(numbers, X.flat().begin());
    return X;
}

std::string bytes_of(const Matrix& Y) {
    const std::vector<float> numbers(Y.flat().begin(), Y.flat().end());
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)};
}

Outcome run_tsne(const TsneRun& run) {
    const Matrix X = read_points(run.points, run.columns);
    set_threads(run.threads);
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    Tsne tsne(X, run.options);
    const double before = seconds();
    while (!tsne.done() && !interrupted()) {
        tsne.step();
    }
    const double after = seconds();
    if (!run.out.empty()) {
        write_file(run.out, bytes_of(tsne.Y));
    }
    const double processor = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;  // of all threads
    std::cout << text(
        "{\"seconds\": %.3f, \"seconds_before_steps\": %.3f, \"processor_seconds\": %.3f, \"kl\": %.6f}\n", after,
        before, processor, tsne.kl());
    return Outcome::criterion_held;
}

}  // namespace
}  // namespace hourglass::bench

int main(int argc, char** argv) {
    using namespace hourglass;
    return run_program("bench_tsne", [&] {
        bench::TsneRun run;
        CommandLine line("A map by t-SNE of the points of a file, and its time: see bench/peers/tsne.py.\n\n");
        line.add_text("points", "FILE", "Of float32, row after row.", run.points);
        line.add_count("columns", "Numbers in a row.", {1, 1 << 20}, run.columns);
        line.add_count("threads", "Threads.", {1, 1024}, run.threads);
        line.add_count("steps", "Steps.", {1, 1 << 20}, run.options.steps);
        line.add_number("theta", "Of Barnes and Hut; 0: exact; below: as the number of points has it.", run.theta);
        line.add_text("out", "FILE", "Write the map to, likewise.", run.out);
        if (!line.parse(argc, argv)) {
            return Outcome::criterion_held;
        }
        if (run.theta >= 0) {
            run.options.theta = run.theta;
        }
        return bench::run_tsne(run);
    });
}
