#include "hourglass/plot/pictures.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <sstream>

#include "gnuplot_stream.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"

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

bool is_program(const std::filesystem::path& path) {
    return std::filesystem::is_regular_file(path) && access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string find_gnuplot() {
    const char* chosen = std::getenv("HOURGLASS_GNUPLOT");
    const std::string name = chosen ? chosen : "gnuplot";
    if (name.empty()) {
        return "";
    }
    if (name.find('/') != std::string::npos) {
        return is_program(name) ? name : "";
    }
    const char* folders = std::getenv("PATH");
    std::istringstream path(folders ? folders : "");
    for (std::string folder; std::getline(path, folder, ':');) {
        const std::filesystem::path program = std::filesystem::path(folder) / name;
        if (is_program(program)) {
            return program.string();
        }
    }
    return "";
}

std::string gnuplot_string(const std::string& text) {
    std::string result = "'";
    for (const char c : text) {
        result += c == '\'' ? "''" : std::string(1, c);
    }
    return result + "'";
}

std::string gnuplot_data_string(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        result += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return result + "\"";
}

std::string curve_colour(std::size_t curve) {
    constexpr std::array<const char*, 8> colours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                    "#E69F00", "#56B4E9", "#000000", "#8C8C8C"};
    return colours[curve % colours.size()];
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
    const std::string script = "# Redraws " + picture + ": gnuplot " + name + ".gp\n" +
                               "if (!exists('picture')) picture = '" + picture + "'\n" +
                               "set encoding utf8\n" + "set terminal " + terminal +
                               " noenhanced font 'DejaVu Sans,12'\n" + "set output picture\n" +
                               "DATA = '" + name + ".dat'\n" + commands + "unset output\n";
    write_file(folder_ / (name + ".dat"), data);
    write_file(folder_ / (name + ".gp"), script);
    if (!can_draw()) {
        return;
    }
    const std::filesystem::path beside = folder_ / (picture + ".part");
    const std::filesystem::path complaints = folder_ / (name + ".log");
    const std::filesystem::path finished =
        folder_ / (name + ".done");  // says that the script ran through
    std::error_code failure;
    for (const auto& stale : {beside, finished, folder_ / picture}) {
        std::filesystem::remove(stale, failure);
    }
    std::signal(SIGPIPE, SIG_IGN);  // a gnuplot that dies must not take the run with it
    {
        Gnuplot gnuplot(shell_word(gnuplot_) + " 2>" + shell_word(complaints.string()));
        gnuplot << "cd " << gnuplot_string(folder_.string()) << "\n"
                << "picture = " << gnuplot_string(beside.filename().string()) << "\n"
                << "load '" << name << ".gp'\n"
                << "set print " << gnuplot_string(finished.filename().string())
                << "\nprint 'done'\nset print\n";
    }  // waits for gnuplot to end
    const auto has_content = [&](const std::filesystem::path& path) {
        return std::filesystem::file_size(path, failure) > 0 && !failure;
    };
    const bool drawn = has_content(finished) && has_content(beside);
    std::filesystem::remove(finished, failure);
    std::istringstream lines(read_file(complaints));
    std::filesystem::remove(complaints);
    if (!drawn) {
        std::string line, complaint;
        while (std::getline(lines, line)) {  // the last line that says something
            complaint = line.empty() ? complaint : line;
        }
        std::filesystem::remove(beside, failure);
        failures_.push_back(picture + " was not drawn; gnuplot says: " + complaint);
        return;
    }
    std::filesystem::rename(beside, folder_ / picture, failure);
    if (failure) {
        failures_.push_back(picture + " was not written: " + failure.message());
        return;
    }
    names_.push_back(picture);
}

}  // namespace hourglass
