#include <algorithm>
#include <iostream>

#include "hourglass/core/random.hpp"
#include "hourglass/io/files.hpp"
#include "step_modes.hpp"
#include "training.hpp"

namespace hourglass::bench {
namespace {

/// Random pixels in [0, 1]: what they show makes no difference to the time that a step takes.
Workload with_random_data(const Specification& specification) {
    Workload workload;
    static_cast<Specification&>(workload) = specification;
    const std::size_t samples = std::max<std::size_t>(4 * specification.batch_size, 256);
    workload.X = Matrix(samples, make_network(specification).in());
    Rng rng(4);
    std::ranges::generate(workload.X.flat(), [&] { return static_cast<Scalar>(rng.uniform()); });
    workload.order = make_order(samples, specification.batch_size);
    return workload;
}

/// One of several workloads that differ in one number.
struct Point {
    std::string sweep;
    std::size_t value = 0;
    Workload workload;
};

std::vector<Point> make_points() {
    std::vector<Point> points;
    const auto add = [&](const std::string& sweep, std::size_t value, const Specification& s) {
        points.push_back({sweep, value, with_random_data(s)});
    };
    for (std::size_t width = 8; width <= 2048; width *= 2) {
        const std::string layers = "dense(784," + std::to_string(width) + ") relu, 784 sigmoid";
        add("width", width, {"width", "", layers, 256});
    }
    for (std::size_t batch = 1; batch <= 4096; batch *= 4) {
        add("batch", batch, {"batch", "", "dense(784,64) relu, 784 sigmoid", batch});
    }
    for (std::size_t hidden = 1; hidden <= 32; hidden *= 2) {
        std::string layers = "dense(128,128) tanh";
        for (std::size_t l = 1; l <= hidden; ++l) {
            layers += ", 128 tanh";
        }
        add("depth", hidden, {"depth", "", layers, 32});
    }
    return points;
}

}  // namespace

Outcome report_scaling(const StepOptions& options) {
    if (!options.out.empty()) {
        make_writable_folder(options.out);
    }
    const std::vector<Point> points = make_points();
    std::vector<Case> cases;
    for (const Point& point : points) {
        for (const int threads : options.threads) {
            cases.push_back({&point.workload, threads});
        }
    }
    const std::vector<double> seconds = seconds_per_step(cases, options);
    if (seconds.empty()) {
        return Outcome::interrupted;
    }
    CsvTable table("sweep,value,parameters,batch,threads,seconds_per_step,gflops");
    for (std::size_t c = 0; c < cases.size(); ++c) {
        const Point& point = points[c / options.threads.size()];
        const Workload& workload = point.workload;
        const Network network = make_network(workload);
        const double batch = static_cast<double>(workload.batch_size);
        const double gigaflop = 2e-9 * batch * static_cast<double>(multiply_adds(network));
        table.add(point.sweep, {static_cast<double>(point.value),
                                static_cast<double>(network.parameter_count()), batch,
                                static_cast<double>(cases[c].threads), seconds[c], gigaflop / seconds[c]});
    }
    std::cout << table.text();
    if (!options.out.empty()) {
        write_file(options.out / "scaling.csv", table.text());
    }
    return Outcome::criterion_held;
}

}  // namespace hourglass::bench
