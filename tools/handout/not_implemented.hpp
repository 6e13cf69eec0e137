#pragma once

#include <string>

#include "hourglass/core/error.hpp"

namespace hourglass {

/// What a function throws that is yours to write.
class NotImplemented : public Error {
public:
    /// @param function  its name   @param unused  its parameters, so that no compiler says that nobody uses them
    template <class... Unused>
    explicit NotImplemented(const std::string& function, const Unused&... /*unused*/)
        : Error(function + " is not written yet") {}
};

}  // namespace hourglass
