#pragma once

#include <string>
#include <vector>

namespace hourglass {

/// What someone may have computed in place of what is right.
struct Guess {
    std::string name;           // "W not transposed"
    std::vector<double> value;  // at the positions that are compared
};

/// The name of the guess that `found` fits best, or of what the pattern of it suggests: a number that is none,
/// zeros, the wrong sign, a factor. Empty if nothing fits, or if what fits is what is right.
std::string name_mistake(const std::vector<double>& found, const std::vector<double>& right,
                         const std::vector<Guess>& guesses);

}  // namespace hourglass
