#include "hourglass/nn/optimizer_check.hpp"

namespace hourglass {

// What an optimizer should do is what this tree asks for, and stands nowhere in it.
OptimizerCheck check_optimizer(const OptimizerOptions& /*options*/, const OptimizerMaker& /*make*/) {
    return {.relative_error = 0, .passed = false, .message = "optimizers: see the tests, by ./lab check"};
}

}  // namespace hourglass
