#include "layer_arguments.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

/// What is between separators, without the blanks around it; nothing for no text at all.
std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    if (trimmed(text).empty()) {
        return parts;
    }
    for (std::size_t end = 0; end != std::string_view::npos;
         text.remove_prefix(std::min(end + 1, text.size()))) {
        end = text.find(separator);
        parts.push_back(trimmed(text.substr(0, end)));
    }
    return parts;
}

/// The text as a whole number from 1 to most_numbers, or 0.
std::size_t whole_number(std::string_view text) {
    std::size_t value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    return error == std::errc{} && end == last && value <= most_numbers ? value : 0;
}

/// "28x28x1" or "64" as a shape; one of size 0 if it is none.
ImageShape shape_from(std::string_view text) {
    const std::vector<std::string_view> sides = split(text, 'x');
    if (sides.size() == 1) {
        return row_of(whole_number(sides[0]));
    }
    if (sides.size() != 3) {
        return row_of(0);
    }
    return {whole_number(sides[0]), whole_number(sides[1]), whole_number(sides[2])};
}

std::string in_numbers(const ImageShape& shape) {
    return shape.height * shape.width == 1
               ? shape_text(shape) + " numbers"
               : shape_text(shape) + " (" + std::to_string(shape.size()) + " numbers)";
}

}  // namespace

std::size_t product(const char* what, std::size_t a, std::size_t b) {
    if (a > 0 && b > most_numbers / a) {
        throw Error(std::string(what) + ": more than " + std::to_string(most_numbers) +
                    " numbers, expected fewer");
    }
    return a * b;
}

Arguments::Arguments(std::string_view description, const ImageShape* before) : before_(before) {
    const std::size_t open = description.find('(');
    kind_ = description.substr(0, open);
    if (open == std::string_view::npos) {
        return;
    }
    if (description.find(')') != description.size() - 1) {
        throw Error("expected one closing parenthesis, at its end");
    }
    items_ = split(description.substr(open + 1, description.size() - open - 2), ',');
}

void Arguments::refuse(const std::string& expected, std::string_view found) const {
    throw Error("expected " + expected + (found.empty() ? "" : ", got " + one_line(found)) +
                "; it is written " + std::string(usage));
}

std::string_view Arguments::take(const char* what) {
    if (left() == 0) {
        refuse(what, "no more");
    }
    return items_[next_++];
}

void Arguments::require_size(const ImageShape& said) const {
    if (before_ != nullptr && before_->size() != said.size()) {
        throw Error("takes " + in_numbers(said) + " a sample, and " + in_numbers(*before_) +
                    " come in: expected the same");
    }
}

ImageShape Arguments::shape(bool said) {
    if (!said && before_ == nullptr) {
        refuse("what comes in as well, for no layer before it says so", "");
    }
    if (!said) {
        return *before_;
    }
    const std::string_view text = take("what comes in");
    const ImageShape shape = shape_from(text);
    if (shape.height == 0 || shape.width == 0 || shape.channels == 0) {
        refuse("what comes in, as a whole number of units or HEIGHTxWIDTHxCHANNELS", text);
    }
    product("what comes in", product("what comes in", shape.height, shape.width), shape.channels);
    require_size(shape);
    return shape;
}

ImageShape Arguments::image() {
    const bool said = left() > 0 && std::ranges::count(items_[next_], 'x') == 2;
    const ImageShape result = shape(said);
    if (!said && result.height * result.width == 1) {
        throw Error("a row of " + shape_text(result) +
                    " units comes in: expected its image as well, HEIGHTxWIDTHxCHANNELS");
    }
    return result;
}

std::size_t Arguments::count(const char* what) {
    const std::string_view text = take(what);
    const std::size_t value = whole_number(text);
    if (value == 0) {
        refuse(what + (" from 1 to " + std::to_string(most_numbers)), text);
    }
    return value;
}

double Arguments::number(const char* what) {
    const std::string_view text = take(what);
    double value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc{} || end != last || !std::isfinite(value)) {
        refuse(what, text);
    }
    return value;
}

bool Arguments::word(std::string_view text) {
    const bool found = left() > 0 && items_[next_] == text;
    next_ += found ? 1 : 0;
    return found;
}

bool Arguments::last_word(std::string_view text) {
    const bool found = left() > 0 && items_.back() == text;
    if (found) {
        items_.pop_back();
    }
    return found;
}

WindowSize Arguments::window() {
    const std::string_view text = take("a window such as 3x3");
    const std::vector<std::string_view> sides = split(text, 'x');
    WindowSize size;
    if (sides.size() == 2) {
        size.rows = whole_number(sides[0]);
        size.cols = whole_number(sides[1]);
    }
    if (size.rows == 0 || size.cols == 0) {
        refuse("a window of ROWSxCOLUMNS", text);
    }
    if (left() > 0 && items_[next_].starts_with('s') && items_[next_] != "same") {
        const std::string_view stride = take("a stride");
        size.stride = whole_number(stride.substr(1));
        if (size.stride == 0) {
            refuse("a stride of at least 1, such as s2", stride);
        }
    }
    if (word("same")) {
        size.padding = Window::Padding::same;
    } else {
        word("valid");
    }
    return size;
}

void Arguments::end() const {
    if (left() > 0) {
        refuse("no more than that", items_[next_]);
    }
}

}  // namespace hourglass
