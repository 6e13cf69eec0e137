#include "probe.hpp"

namespace hourglass::grading {

std::vector<Case> all_cases() {
    std::vector<Case> result = core_cases();
    for (std::vector<Case> more : {network_cases(), layer_cases(), optimizer_cases(),
#ifdef HOURGLASS_GRADES_TRAINING
                                   train_cases()
#endif
         }) {
        for (Case& one : more) {
            result.push_back(std::move(one));
        }
    }
    return result;
}

Findings run_case(const Case& its_case, std::uint64_t seed) {
    Rng rng(seed);
    Findings found;
    its_case.run(rng, found);
    return found;
}

}  // namespace hourglass::grading
