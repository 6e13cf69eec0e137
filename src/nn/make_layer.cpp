#include "hourglass/nn/make_layer.hpp"

#include <charconv>
#include <string>
#include <vector>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/nn/layers/dense.hpp"

namespace hourglass {
namespace {

constexpr std::size_t most_units = std::size_t{1} << 31;  // so that a number of weights cannot overflow

/// A description in its parts: "dense(35,25)" is {"dense", {35, 25}}.
struct Parts {
    std::string_view kind;
    std::vector<std::size_t> numbers;
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
        std::size_t number = 0;
        const auto [end, error] = std::from_chars(next, last, number);
        if (error != std::errc{} || number == 0 || number > most_units || (end != last && *end != ',')) {
            fail(description, "expected positive whole numbers, with commas between them");
        }
        parts.numbers.push_back(number);
        if (end == last) {
            return parts;
        }
        next = end + 1;
    }
}

}  // namespace

std::unique_ptr<Layer> make_layer(std::string_view description) {
    const auto [kind, numbers] = parse(description);
    if (kind != "dense") {
        fail(description, "there is no such kind; expected dense(in,out)");
    }
    if (numbers.size() != 2) {
        fail(description, "expected two numbers, dense(in,out)");
    }
    return std::make_unique<Dense>(numbers[0], numbers[1]);
}

}  // namespace hourglass
