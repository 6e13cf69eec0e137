#pragma once

#include <cstddef>

// The steps that check_optimizer takes, and that its rules are worked out for.

namespace hourglass::trial {

constexpr std::size_t tensors = 2, size = 3, steps = 2;

/// The gradients of the steps: of both signs, and one so small that an epsilon shows. They differ from step to
/// step.
constexpr double gradients[steps][tensors][size] = {{{0.5, -1.25, 2e-4}, {-0.75, 0.25, 3}},
                                                    {{0.25, 0.75, -4e-4}, {1.5, -0.5, 2}}};

}  // namespace hourglass::trial
