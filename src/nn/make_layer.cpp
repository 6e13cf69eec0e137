#include "hourglass/nn/make_layer.hpp"

#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/nn/layers/dense.hpp"

namespace hourglass {
namespace {

constexpr double most_units = 2147483648.0;  // so that a number of weights cannot overflow

/// A description in its parts: "dense(35,25)" is {"dense", {35, 25}}. What its numbers may be is for the kind.
struct Parts {
    std::string_view kind;
    std::vector<double> numbers;
};

[[noreturn]] void fail(std::string_view description, const std::string& what) {
    throw Error("layer '" + one_line(description) + "': " + what);
}

Parts parse(std::string_view description) {
    const std::size_t open = description.find('(');
    if (open == std::string_view::npos || description.back() != ')') {
        fail(description, "expected a kind and its numbers, as in dense(35,25)");
    }
    Parts parts{description.substr(0, open), {}};
    const char* next = description.data() + open + 1;
    const char* const last = description.data() + description.size() - 1;
    while (true) {
        double number = 0;
        const auto [end, error] = std::from_chars(next, last, number);
        if (error != std::errc{} || !std::isfinite(number) || (end != last && *end != ',')) {
            fail(description, "expected numbers, with commas between them");
        }
        parts.numbers.push_back(number);
        if (end == last) {
            return parts;
        }
        next = end + 1;
    }
}

/// A number as a count of units. @throws Error  unless it is a positive whole one
std::size_t units(std::string_view description, double number) {
    if (!(number >= 1) || number > most_units || number != std::floor(number)) {
        fail(description, "expected positive whole numbers of units, got " + to_text(number));
    }
    return static_cast<std::size_t>(number);
}

}  // namespace

std::unique_ptr<Layer> make_layer(std::string_view description) {
    const auto [kind, numbers] = parse(description);
    if (kind == "dense") {
        if (numbers.size() != 2) {
            fail(description, "expected two numbers, dense(in,out)");
        }
        return std::make_unique<Dense>(units(description, numbers[0]), units(description, numbers[1]));
    }
    fail(description, "there is no such kind; expected dense(in,out)");
}

}  // namespace hourglass
