#include <algorithm>
#include <iostream>

#include "hourglass/core/threads.hpp"
#include "common/report.hpp"
#include "heap.hpp"
#include "step_modes.hpp"
#include "training.hpp"

namespace hourglass::bench {
namespace {

constexpr double allowed_ratio = 1.3;

/// Numbers in the matrices of a workspace.
std::size_t size_of(const Workspace& ws) {
    std::size_t size = 0;
    for (const auto* matrices : {&ws.Z, &ws.A, &ws.dZ, &ws.dA}) {
        for (const Matrix& matrix : *matrices) {
            size += matrix.size();
        }
    }
    for (const Pass& pass : ws.pass) {
        for (const Pass::Kept& kept : pass.kept) {
            size += kept.value.size();
        }
    }
    return size;
}

struct Memory {
    std::size_t parameters = 0;  // values, gradients, Adam's m and v
    std::size_t workspace = 0;
    std::size_t data = 0;  // X, T, and the batch that is gathered from them
    std::size_t peak = 0;  // of the heap

    std::size_t needed() const { return parameters + workspace + data; }
    double ratio() const { return static_cast<double>(peak) / static_cast<double>(needed()); }
};

Memory measure_memory(const Workload& original) {
    const std::size_t before = heap_in_use();
    start_heap_peak();
    const Workload workload = original;  // so that the data are counted too
    Training training(workload, make_network(workload));
    for (std::size_t step = 0; step < compared_steps; ++step) {
        training.step();
    }
    const std::size_t peak = heap_peak() - before;
    const std::size_t samples = workload.X.rows() + workload.batch_size;
    return {.parameters = 4 * sizeof(Scalar) * training.network().parameter_count(),
            .workspace = sizeof(Scalar) * size_of(training.workspace()),
            .data = sizeof(Scalar) * samples * (workload.X.cols() + workload.T.cols()),
            .peak = peak};
}

}  // namespace

Outcome report_memory(const StepOptions& options) {
    set_threads(options.threads.back());
    double highest = 0;
    std::cout << "workload  name      parameters   workspace        data      needed   heap peak  "
                 "ratio\n";
    for (const Specification& specification : options.specifications) {
        const Memory memory = measure_memory(make_workload(specification, options.fashion_mnist));
        highest = std::max(highest, memory.ratio());
        std::cout << text("%-8s  %-8s %11zu %11zu %11zu %11zu %11zu  %5.3f\n",
                          specification.name.c_str(), specification.title.c_str(),
                          memory.parameters, memory.workspace, memory.data, memory.needed(),
                          memory.peak, memory.ratio());
    }
    std::cout << text("bytes; allowed is a ratio of %g, and the highest is %.3f\n", allowed_ratio,
                      highest);
    return highest <= allowed_ratio ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace hourglass::bench
