#include "hourglass/plot/pictures.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/io/files.hpp"
#include "shell.hpp"

namespace hourglass {
namespace {

std::string terminal(const std::string& format, int width, int height) {
    std::ostringstream line;
    if (format == "png") {
        line << "pngcairo size " << width << "," << height;
    } else if (format == "svg") {
        line << "svg size " << width << "," << height << " background 'white'";
    } else {  // a pdf's size is in inches
        line << "pdfcairo size " << width / 96.0 << "," << height / 96.0;
    }
    return line.str();
}

/// Without an exception: the PATH may name folders that may not be searched.
bool is_program(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

/// What a script begins with: gnuplot as it comes, whatever the reader's own ~/.gnuplot or the machine's
/// gnuplotrc have set, such as another separator of data. `reset` alone leaves some of it.
constexpr const char* default_settings =
    "unset multiplot\nreset\nunset decimalsign\nset encoding utf8\n"
    "do for [type = 1:9] { set linetype type linewidth 1 dashtype solid }\n";

/// What a program wrote, and its status as the shell has it: 128 + the signal that ended it, if one did.
struct Ended {
    std::string output;
    int status = 0;
};

/// Runs a shell command to its end.
Ended run(const std::string& command) {
    Ended ended;
    std::FILE* const pipe = start_shell(command, "r");
    std::array<char, 4096> part;
    while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe)) {
        ended.output.append(part.data(), size);
    }
    const int status = pclose(pipe);
    ended.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return ended;
}

/// Why gnuplot made no picture, in one line: what it says about a line of the script, or else its last line,
/// or else how it ended. The script's name is left out, so that the same trouble has the same words.
std::string complaint(const Ended& gnuplot) {
    std::istringstream lines(gnuplot.output);
    std::string last;
    for (std::string line; std::getline(lines, line);) {
        const std::size_t at = line.find("\" line ");
        const std::size_t colon = at == std::string::npos ? at : line.find(": ", at);
        if (colon != std::string::npos) {
            return "says: " + one_line(line.substr(colon + 2));
        }
        last = line.empty() ? last : line;
    }
    if (!last.empty()) {
        return "says: " + one_line(last);
    }
    return gnuplot.status == 0    ? "wrote no whole picture: is the disk full?"
           : gnuplot.status > 128 ? std::string("crashed: ") + strsignal(gnuplot.status - 128)
                                  : "ended with status " + std::to_string(gnuplot.status);
}

/// Has the file the end that one of its format has? On a full disk gnuplot may write a part of a picture and
/// report success.
bool is_whole(const std::filesystem::path& file, const std::string& format) {
    static const std::map<std::string, std::string> ends = {
        {".png", "IEND\xae\x42\x60\x82"}, {".svg", "</svg>"}, {".pdf", "%%EOF"}, {".gif", ";"}};
    std::ifstream input(file, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(input), {}};
    content.erase(content.find_last_not_of('\n') + 1);
    return content.ends_with(ends.at(format));
}

}  // namespace

std::string find_gnuplot() {
    const char* chosen = std::getenv("HOURGLASS_GNUPLOT");
    const std::string name = chosen ? chosen : "gnuplot";
    if (name.empty()) {
        return "";
    }
    std::error_code ignored;  // absolute, for gnuplot is started in the run's folder
    if (name.find('/') != std::string::npos) {
        return is_program(name) ? std::filesystem::absolute(name, ignored).string() : "";
    }
    const char* folders = std::getenv("PATH");
    std::istringstream path(folders ? folders : "");
    for (std::string folder; std::getline(path, folder, ':');) {
        const std::filesystem::path program = std::filesystem::path(folder) / name;
        if (is_program(program)) {
            return std::filesystem::absolute(program, ignored).string();
        }
    }
    return "";
}

std::string gnuplot_string(const std::string& text) {
    std::string result = "'";
    for (const char c : one_line(text)) {
        result += c == '\'' ? "''" : std::string(1, c);
    }
    return result + "'";
}

std::string gnuplot_data_string(const std::string& text) {
    std::string result = "\"";
    for (const char c : one_line(text)) {
        result += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return result + "\"";
}

std::string curve_colour(std::size_t curve) {
    constexpr std::array<const char*, 8> colours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                    "#E69F00", "#56B4E9", "#000000", "#8C8C8C"};
    return colours[curve % colours.size()];
}

std::string curve_dash(std::size_t curve) {
    return curve == 0 ? "" : " dashtype " + std::to_string(curve % 5 + 1);
}

Pictures::Pictures(std::filesystem::path folder, std::string format)
    : folder_(std::move(folder)), format_(std::move(format)), gnuplot_(find_gnuplot()) {
    if (format_ != "png" && format_ != "svg" && format_ != "pdf") {
        throw Error("unknown plot format '" + format_ + "': expected png, svg or pdf");
    }
}

void Pictures::draw(const std::string& name, int width, int height, const std::string& data,
                    const std::string& commands) {
    make(name, name + "." + format_, terminal(format_, width, height), data, commands);
}

void Pictures::draw_gif(const std::string& name, int width, int height, int delay,
                        const std::string& data, const std::string& commands) {
    std::ostringstream line;
    line << "gif animate delay " << delay << " loop 0 size " << width << "," << height;
    make(name, name + ".gif", line.str(), data, commands);
}

void Pictures::make(const std::string& name, const std::string& picture,
                    const std::string& terminal, const std::string& data,
                    const std::string& commands) {
    std::error_code ignored;
    std::filesystem::remove(folder_ / picture, ignored);  // a stale one must not pass for this one
    try {
        write_file(folder_ / (name + ".dat"), data);
        write_file(folder_ / (name + ".gp"),
                   "# Redraws " + picture + ": gnuplot " + name + ".gp\n" + default_settings +
                       "if (!exists('picture')) picture = '" + picture + "'\nset terminal " +
                       terminal + " noenhanced font 'DejaVu Sans,12'\n" +
                       "set output picture\nDATA = '" + name + ".dat'\n" + commands +
                       "unset output\n");
        if (can_draw()) {
            run_script(name, picture);
            names_.push_back(picture);
        }
    } catch (const Error& error) {  // such as a full disk: the other pictures may still be drawn
        fail(picture, error.what());
    }
}

void Pictures::run_script(const std::string& name, const std::string& picture) const {
    // A name of this process's own, for another one may draw in the same folder.
    const std::string beside = picture + "." + std::to_string(getpid()) + ".part";
    std::error_code failure, ignored;
    // The shell, not gnuplot, goes to the folder: gnuplot would take a ~ for the home folder.
    const Ended gnuplot =
        run("cd " + shell_word(std::filesystem::absolute(folder_, ignored).string()) + " && exec " +
            shell_word(gnuplot_) + " -d -e " + shell_word("picture = '" + beside + "'") + " " +
            shell_word(name + ".gp") + " </dev/null 2>&1");
    if (gnuplot.status == 0 &&
        is_whole(folder_ / beside, std::filesystem::path(picture).extension().string())) {
        std::filesystem::rename(folder_ / beside, folder_ / picture, failure);
        if (!failure) {
            return;
        }
    }
    std::filesystem::remove(folder_ / beside, ignored);
    throw Error(failure ? failure.message() : "gnuplot " + complaint(gnuplot));
}

void Pictures::fail(const std::string& picture, std::string why) {
    if (why.starts_with(folder_.string())) {
        why.erase(0, why.find(": ") + 2);  // a file's name: of a full disk let there be one line
    }
    const auto same = std::ranges::find(failures_, why, &Failure::why);
    if (same == failures_.end()) {
        failures_.push_back({why, {picture}});
    } else {
        same->pictures.push_back(picture);
    }
}

std::vector<std::string> Pictures::failures() const {
    std::vector<std::string> lines;
    for (const Failure& failure : failures_) {
        std::string others;
        for (std::size_t p = 1; p < failure.pictures.size(); ++p) {
            others += (p == 1 ? " (nor " : ", ") + failure.pictures[p];
        }
        lines.push_back(failure.pictures.front() + " was not drawn" + others +
                        (others.empty() ? ": " : "): ") + failure.why);
    }
    return lines;
}

}  // namespace hourglass
