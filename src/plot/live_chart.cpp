#include "hourglass/plot/live_chart.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <gnuplot-iostream.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "envelope.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/pictures.hpp"
#include "shell.hpp"

namespace hourglass {
namespace {

bool has_display() {
    const char* x11 = std::getenv("DISPLAY");
    const char* wayland = std::getenv("WAYLAND_DISPLAY");
    return (x11 && *x11) || (wayland && *wayland);
}

/// Which of its terminals for a window this gnuplot was built with, if any.
std::string window_terminal(const std::string& gnuplot) {
    for (const char* terminal : {"qt", "wxt", "x11", "aqua"}) {
        const std::string command = shell_word(gnuplot) + " -d -e 'set terminal " + terminal +
                                    "' >/dev/null 2>&1 </dev/null";
        if (std::system(command.c_str()) == 0) {
            return terminal;
        }
    }
    return "";
}

}  // namespace

struct LiveChart::Implementation {
    struct Close {
        void operator()(std::FILE* stream) const { pclose(stream); }
    };

    Implementation(const std::string& command, bool window)
        : pipe(start_shell(command, "w")), gnuplot(pipe.get()), in_window(window) {}

    std::unique_ptr<std::FILE, Close>
        pipe;  // not the library's own, which complains when a window was closed
    Gnuplot gnuplot;
    bool in_window;
    std::chrono::steady_clock::time_point last = {};
};

LiveChart::LiveChart(const std::string& title, const std::string& y_label)
    : title_(title), y_label_(y_label) {
    const std::string program = find_gnuplot();
    if (program.empty()) {
        throw Error("--live needs gnuplot, which was not found");
    }
    const std::string window = has_display() ? window_terminal(program) : "";
    if (window.empty() && !isatty(STDERR_FILENO)) {
        throw Error("--live needs a display or a terminal to draw on");
    }
    std::signal(SIGPIPE, SIG_IGN);  // the chart's window may be closed while training goes on
    const std::string command =
        shell_word(program) + " -d" + (window.empty() ? " 1>&2" : " -persist 2>/dev/null");
    implementation_ = std::make_unique<Implementation>(command, !window.empty());
    Gnuplot& gnuplot = implementation_->gnuplot;
    if (!window.empty()) {
        gnuplot << "set terminal " << window << " noenhanced\n";
    }
    gnuplot << "set title " << gnuplot_string(title) << "\nset xlabel "
            << gnuplot_string(axis::epoch) << "\n"
            << "set ylabel " << gnuplot_string(y_label) << "\nset key off\n"
            << "set logscale y\nset format y '%g'\n";
}

LiveChart::~LiveChart() = default;

void LiveChart::add(double value) {
    using namespace std::chrono_literals;
    values_.push_back(value);
    const auto now = std::chrono::steady_clock::now();
    if (now - implementation_->last < 250ms) {
        return;
    }
    implementation_->last = now;
    Gnuplot& gnuplot = implementation_->gnuplot;
    if (!implementation_->in_window) {
        winsize size{};
        const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
        const int columns = known ? size.ws_col - 1 : 79;
        // A longer text would write before the line's begin, and gnuplot crash.
        const auto fitting = [columns](const std::string& text) {
            return gnuplot_string(text.substr(0, static_cast<std::size_t>(std::max(columns - 10, 0))));
        };
        gnuplot << "set title " << fitting(title_) << "\nset ylabel " << fitting(y_label_) << "\n"
                << "set terminal dumb size " << columns << ","
                << (known && size.ws_row > 10 ? size.ws_row - 2 : 22) << "\n";
        const char* terminal = std::getenv("TERM");
        if (terminal && std::string_view(terminal) != "dumb") {
            std::cerr << "\033[H\033[J" << std::flush;  // the cursor to the top, and a clear screen
        }
    }
    gnuplot << "plot '-' using 1:2 with lines\n";
    for (const std::size_t e : envelope(values_, 250)) {  // a terminal shows no more than that
        gnuplot << e + 1 << " " << values_[e] << "\n";
    }
    gnuplot << "e" << std::endl;
}

}  // namespace hourglass
