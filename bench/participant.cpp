#include "participant.hpp"

#include <istream>
#include <ostream>
#include <sstream>
#include <string>

#include "common/report.hpp"
#include "hourglass/core/error.hpp"
#include "training.hpp"
#include "workloads.hpp"

namespace hourglass::bench {

void take_part(const std::filesystem::path& folder, std::istream& input, std::ostream& output) {
    const Workload workload = read_workload(folder);
    const Network network = read_network(folder, workload);
    output << "losses";
    for (const double loss : first_losses(workload, network)) {
        output << text(" %.9g", loss);
    }
    output << std::endl;  // flushes: the other end waits for the line
    answer_runs(input, [&](double seconds) {
        Training training(workload, network);
        const Speed speed = measure(training, seconds);
        output << "steps " << speed.steps << text(" seconds %.9g", speed.seconds) << std::endl;
    });
}

void answer_runs(std::istream& input, const std::function<void(double)>& run) {
    for (std::string line; std::getline(input, line);) {
        std::istringstream words(line);
        std::string command;
        std::string rest;
        double seconds = 0;
        if (!(words >> command >> seconds) || command != "run" || !(seconds > 0) || words >> rest) {
            throw Error("standard input: expected a line such as 'run 0.5', got '" + line + "'");
        }
        run(seconds);
    }
}

}  // namespace hourglass::bench
