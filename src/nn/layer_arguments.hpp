// The arguments of a layer's description, for make_layer.cpp alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hourglass/nn/shape.hpp"

namespace hourglass {

/// So many numbers of one sample, or values of one tensor, are more than any net for these exercises has. A
/// description that asks for more is a mistake, and is refused before memory is taken for it.
inline constexpr std::size_t most_numbers = std::size_t{1} << 28;

/// A window by itself, without its image.
struct WindowSize {
    std::size_t rows = 0, cols = 0, stride = 1;
    Window::Padding padding = Window::Padding::valid;
};

/// The arguments of a description such as conv(28x28x1,16,3x3,s2), taken from first to last. Each function throws an
/// Error that says what was expected in its place.
class Arguments {
public:
    /// @param before  what comes in, if that is known
    Arguments(std::string_view description, const ImageShape* before);

    std::string_view usage;  // how the kind is written, for messages

    std::string_view kind() const { return kind_; }
    std::size_t left() const { return items_.size() - next_; }

    /// The shape that comes in: the next argument if `said`, else that of the layer before. If both are known they
    /// have to be of one size.
    ImageShape shape(bool said);

    /// The same of an image, which is said as HEIGHTxWIDTHxCHANNELS or not at all. A row of units is none: its width
    /// and height have to be said.
    ImageShape image();

    /// A whole number of at least 1. @param what  "a number of filters", for the message
    std::size_t count(const char* what);
    double number(const char* what);

    /// A window such as 3x3, then a stride such as s2, and same or valid: s1 and valid may be left out.
    WindowSize window();

    /// Takes the next argument if it is this word, such as same.
    bool word(std::string_view text);

    /// Takes the last argument if it is this word.
    bool last_word(std::string_view text);

    /// @throws Error  if there are arguments left
    void end() const;

    /// @throws Error  if something else comes in than this
    void require_size(const ImageShape& said) const;

private:
    std::string_view take(const char* what);
    [[noreturn]] void refuse(const std::string& expected, std::string_view found) const;

    std::string_view kind_;
    std::vector<std::string_view> items_;
    std::size_t next_ = 0;
    const ImageShape* before_;
};

/// a b. @throws Error  "what: more than ..." if that is more than most_numbers
std::size_t product(const char* what, std::size_t a, std::size_t b);

}  // namespace hourglass
