// probe --list            the function of each case, one a line
// probe CASE SEED         what the case computes, tensor by tensor, and a last line "end"

#include "probe.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

int main(int argc, char** argv) {
    using namespace hourglass::grading;
    const std::vector<Case> cases = all_cases();
    if (argc == 2 && std::string_view(argv[1]) == "--list") {
        for (const Case& one : cases) {
            std::printf("%s\n", one.function.c_str());
        }
        return 0;
    }
    if (argc != 3) {
        return 2;
    }
    try {
        const Findings found = run_case(cases.at(std::strtoull(argv[1], nullptr, 10)), std::strtoull(argv[2], nullptr, 10));
        for (const Tensor& tensor : found.tensors) {
            std::printf("%zu", tensor.shape.size());
            for (const std::size_t size : tensor.shape) {
                std::printf(" %zu", size);
            }
            std::printf(" %s\n", tensor.name.c_str());
            for (const auto value : tensor.values) {
                std::printf("%a\n", static_cast<double>(value));
            }
        }
    } catch (const std::exception& error) {
        std::printf("exception: %s\n", error.what());
    }
    std::printf("end\n");
    return 0;
}
