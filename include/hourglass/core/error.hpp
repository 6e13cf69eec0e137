#pragma once

#include <stdexcept>

namespace hourglass {

/// Bad input: a file, an option, or a shape that came from data. The message says where, what was
/// expected and what was found: `font3.txt:17: expected 5 pixels, got 6`.
/// Programmer errors are asserted instead.
class Error : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Shapes that do not meet, with both in the message. Thrown in every build: a product of the wrong shapes
/// would go on with numbers that are not there.
class ShapeError : public Error {
    using Error::Error;
};

}  // namespace hourglass
