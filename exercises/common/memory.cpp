#include "common/memory.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <ostream>
#include <string>

#include "common/report.hpp"

namespace hourglass {

std::size_t parameter_bytes(const Network& network, const OptimizerOptions& optimizer) {
    const std::size_t numbers = optimizer.name == "adam" ? 4 : 3;
    return sizeof(Scalar) * numbers * network.parameter_count();
}

std::size_t workspace_bytes(const Workspace& ws, std::size_t rows) {
    std::size_t numbers = 0;
    for (const auto* matrices : {&ws.Z, &ws.A, &ws.dZ, &ws.dA}) {
        for (const Matrix& matrix : *matrices) {
            numbers += matrix.cols();  // of each sample
        }
    }
    return sizeof(Scalar) * numbers * rows;
}

std::size_t batch_bytes(const Matrix& X, const Matrix& T, std::size_t batch_size) {
    return sizeof(Scalar) * std::min(batch_size, X.rows()) * (X.cols() + T.cols());
}

std::size_t process_peak_bytes() {
    // On Linux not by getrusage, which begins with the peak of the program that started this one.
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (std::size_t kilobytes = 0; word == "VmHWM:" && status >> kilobytes) {
            return kilobytes * 1024;
        }
    }
    rusage usage = {};
    if (getrusage(RUSAGE_SELF, &usage) != 0) {
        return 0;
    }
#ifdef __APPLE__
    return static_cast<std::size_t>(usage.ru_maxrss);
#else
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
#endif
}

void print_memory(const TrainingMemory& memory, std::ostream& output) {
    const auto megabytes = [](std::size_t bytes) { return static_cast<double>(bytes) / 1e6; };
    output << text(
        "  memory: %.2f MB parameters, gradients and moments + %.2f MB workspace + %.2f MB data; "
        "the process's peak was %.1f MB\n",
        megabytes(memory.parameters), megabytes(memory.workspace), megabytes(memory.data),
        megabytes(memory.process_peak));
}

nlohmann::ordered_json memory_json(const TrainingMemory& memory) {
    return {{"parameters", memory.parameters},
            {"workspace", memory.workspace},
            {"data", memory.data},
            {"process_peak", memory.process_peak}};
}

}  // namespace hourglass
