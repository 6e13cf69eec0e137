#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hourglass/core/scalar.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// Running the program of an exercise as ./lab does, and looking at what it leaves.

namespace hourglass::testing {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

/// What a run of the program left behind.
struct Ended {
    int status = -1;  // 128 and more: by a signal
    std::string out;
    std::string err;
};

// What stands before the program in the command.
inline constexpr const char* without_gnuplot = "HOURGLASS_GNUPLOT= ";
inline constexpr const char* with_gnuplot = "env -u HOURGLASS_GNUPLOT ";

/// A text as one word of a line of shell, whatever is in it.
inline std::string shell_word(const std::string& text) {
    std::string word = "'";
    for (const char c : text) {
        word += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return word + "'";
}

/// Runs the program in `folder`, without pictures unless `gnuplot` says so.
inline Ended run_program(const std::string& program, const TemporaryFolder& folder,
                         const std::string& arguments,
                         const std::string& gnuplot = without_gnuplot) {
    const TemporaryFolder captured;
    const std::string out = (captured.path() / "out").string(), err = (captured.path() / "err").string();
    const std::string command = "cd " + shell_word(folder.path().string()) + " && " + gnuplot + shell_word(program) + " " +
                                arguments + " >" + shell_word(out) + " 2>" + shell_word(err) + " </dev/null";
    const int code = std::system(command.c_str());
    return {WIFEXITED(code) ? WEXITSTATUS(code) : 128, bytes_of(out), bytes_of(err)};
}

/// Runs the program on bad input: status 2, one line on stderr with these parts, and no traces.
inline void check_refused(const std::string& program, const TemporaryFolder& folder,
                          const std::string& arguments, const Names& parts) {
    CAPTURE(arguments);
    const Names before = folder.names();
    const Ended ended = run_program(program, folder, arguments);
    CAPTURE(ended.err);
    CHECK(ended.status == 2);
    CHECK(ended.out.empty());
    CHECK(ended.err.starts_with(std::filesystem::path(program).filename().string() + ": "));
    CHECK(std::ranges::count(ended.err, '\n') == 1);
    CHECK(ended.err.ends_with('\n'));
    for (const std::string& part : parts) {
        CHECK_MESSAGE(contains(ended.err, part), part);
    }
    CHECK(folder.names() == before);
}

inline Json read_results(const TemporaryFolder& folder, const std::string& out) {
    return Json::parse(bytes_of(folder.path() / out / "results.json"));
}

/// results.json without what differs from run to run.
inline Json results_but_seconds(const TemporaryFolder& folder, const std::string& out) {
    Json results = read_results(folder, out);
    results.erase("seconds");
    if (results.contains("memory")) {
        results["memory"].erase("process_peak");
    }
    return results;
}

/// What results.json and the report say about the memory of a training with Adam, against the number of
/// its parameters.
inline void check_memory(const Json& results, const std::string& report) {
    CHECK(contains(report, " MB parameters, gradients and moments + "));
    CHECK(contains(report, "; the process's peak was "));
    const Json& memory = results["memory"];
    const std::size_t parameters = results["parameters"];
    CHECK(memory["parameters"] == 4 * sizeof(Scalar) * parameters);
    CHECK(memory["workspace"] > 0);
    CHECK(memory["data"] > 0);
    CHECK(memory["process_peak"].get<double>() > memory["parameters"].get<double>() +
                                                     memory["workspace"].get<double>() +
                                                     memory["data"].get<double>());
}

inline std::string model_bytes(const TemporaryFolder& folder, const std::string& out) {
    return bytes_of(folder.path() / out / "model.safetensors");
}

inline bool is_png(const std::filesystem::path& path) {
    return bytes_of(path).starts_with("\x89PNG\r\n\x1a\n");
}

/// No half-written file, and no log of a gnuplot that complained.
inline void check_tidy(const TemporaryFolder& folder) {
    for (const std::string& name : folder.names()) {
        CHECK_FALSE_MESSAGE((name.ends_with(".part") || name.ends_with(".log")), name);
    }
}

}  // namespace hourglass::testing
