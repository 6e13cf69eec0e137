// bench_steps: how fast whole training steps are, and what else a comparison with other programs needs.

#include <algorithm>
#include <iostream>

#include "common/report.hpp"
#include "hourglass/core/threads.hpp"
#include "hourglass/io/progress.hpp"
#include "participant.hpp"
#include "step_modes.hpp"
#include "training.hpp"

namespace hourglass::bench {
namespace {

double median(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

std::vector<double> seconds_per_step(const std::vector<Case>& cases, const StepOptions& options) {
    std::vector<std::vector<double>> seconds(cases.size());
    Progress progress(options.rounds * static_cast<int>(cases.size()), false);
    int done = 0;
    for (int round = 0; round < options.rounds; ++round) {
        for (std::size_t c = 0; c < cases.size(); ++c) {
            if (interrupted()) {
                return {};
            }
            const Workload& workload = *cases[c].workload;
            set_threads(cases[c].threads);
            Training training(workload, make_network(workload));
            const Speed speed = measure(training, options.seconds);
            seconds[c].push_back(speed.seconds / static_cast<double>(speed.steps));
            progress.show("measurement", ++done, workload.name + " ");
        }
    }
    std::vector<double> medians(cases.size());
    std::ranges::transform(seconds, medians.begin(), median);
    return medians;
}

Outcome report_speeds(const StepOptions& options) {
    std::vector<Workload> workloads;
    for (const Specification& specification : options.specifications) {
        workloads.push_back(make_workload(specification, options.fashion_mnist));
    }
    std::vector<Case> cases;
    for (const Workload& workload : workloads) {
        for (const int threads : options.threads) {
            cases.push_back({&workload, threads});
        }
    }
    const std::vector<double> seconds = seconds_per_step(cases, options);
    if (seconds.empty()) {
        return Outcome::interrupted;
    }
    std::cout << "workload  name     threads  steps_per_s  samples_per_s\n";
    for (std::size_t c = 0; c < cases.size(); ++c) {
        const Workload& workload = *cases[c].workload;
        std::cout << text("%-8s  %-8s %7d %12.1f %14.0f\n", workload.name.c_str(),
                          workload.title.c_str(), cases[c].threads, 1 / seconds[c],
                          static_cast<double>(workload.batch_size) / seconds[c]);
    }
    return Outcome::criterion_held;
}

Outcome report_losses(const StepOptions& options) {
    set_threads(options.threads.back());
    for (const Specification& specification : options.specifications) {
        const Workload workload = make_workload(specification, options.fashion_mnist);
        std::cout << workload.name;
        for (const double loss : first_losses(workload, make_network(workload))) {
            std::cout << text(" %.9g", loss);
        }
        std::cout << "\n";
    }
    return Outcome::criterion_held;
}

Outcome export_workloads(const StepOptions& options) {
    for (const Specification& specification : options.specifications) {
        write_workload(options.export_folder / specification.name,
                       make_workload(specification, options.fashion_mnist));
    }
    return Outcome::criterion_held;
}

namespace {

Outcome run(const StepOptions& options) {
    using Mode = StepOptions::Mode;
    switch (options.mode) {
        case Mode::speeds:
            return report_speeds(options);
        case Mode::scaling:
            return report_scaling(options);
        case Mode::losses:
            return report_losses(options);
        case Mode::memory:
            return report_memory(options);
        case Mode::export_workloads:
            return export_workloads(options);
        case Mode::participant:
            set_threads(options.threads.front());
            take_part(options.participant_folder, std::cin, std::cout);
            return Outcome::criterion_held;
    }
    return Outcome::bad_input;
}

}  // namespace
}  // namespace hourglass::bench

int main(int argc, char** argv) {
    using namespace hourglass;
    return run_program("bench_steps", [&] {
        const auto options = bench::read_step_options(argc, argv);
        return options ? bench::run(*options) : Outcome::criterion_held;
    });
}
