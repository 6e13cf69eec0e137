#pragma once

#include <cstddef>
#include <string>

#include "hourglass/core/error.hpp"

namespace hourglass {

/// Throws "tanh_backward: expected spans of one length, got 35, 34, 35", in every build, unless they are.
template <class First, class... Span>
void require_one_length(const char* function, const First& first, const Span&... others) {
    if (((others.size() != first.size()) || ...)) [[unlikely]] {
        std::string lengths = std::to_string(first.size());
        ((lengths += ", " + std::to_string(others.size())), ...);
        throw ShapeError(std::string(function) + ": expected spans of one length, got " + lengths);
    }
}

}  // namespace hourglass
