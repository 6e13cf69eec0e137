#include "hourglass/nn/parse_layers.hpp"

#include <algorithm>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/nn/make_layer.hpp"

namespace hourglass {
namespace {

constexpr std::size_t longest = 200;  // of what a message quotes

/// Where the first of `marks` outside of parentheses is, or the end.
std::size_t find_outside(std::string_view text, std::string_view marks) {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (depth == 0 && marks.find(text[i]) != std::string_view::npos) {
            return i;
        }
        depth += text[i] == '(' ? 1 : 0;
        depth -= text[i] == ')' && depth > 0 ? 1 : 0;
    }
    return text.size();
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_shape(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789x") == std::string_view::npos;
}

/// Throws unless the first item of a list says what does come in.
void require_input(const std::string& said, const ImageShape& input) {
    if (said != shape_text(input) && said != std::to_string(input.size())) {
        throw Error("the list begins with what comes in: expected " + shape_text(input) + ", got " +
                    one_line(said.substr(0, longest)));
    }
}

}  // namespace

std::vector<LayerText> split_layers(std::string_view text) {
    std::vector<LayerText> items;
    for (bool more = true; more;) {
        const std::size_t end = find_outside(text, ",;");
        const std::string_view item = trimmed(text.substr(0, end));
        if (item.empty()) {
            throw Error("layer " + std::to_string(items.size() + 1) +
                        " of the list is empty: expected one such as dense(2)");
        }
        const std::size_t blank = find_outside(item, " ");
        items.push_back({std::string(item.substr(0, blank)), std::string(trimmed(item.substr(blank)))});
        more = end < text.size();
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return items;
}

std::vector<std::unique_ptr<Layer>> parse_layers(std::string_view text, const ImageShape& input,
                                                 const Activation& otherwise) {
    std::vector<LayerText> items = split_layers(text);
    if (items.front().activation.empty() && is_shape(items.front().description)) {
        require_input(items.front().description, input);
        items.erase(items.begin());
    }
    if (items.empty()) {
        throw Error("expected at least one layer after what comes in, such as dense(2)");
    }
    std::vector<std::unique_ptr<Layer>> layers;
    ImageShape shape = input;
    for (const LayerText& item : items) {
        const std::string& description = item.description;
        const bool plain = is_number(description);
        try {
            const LayerPlan plan = plan_layer(plain ? "dense(" + description + ")" : description, &shape);
            const Activation f = !item.activation.empty() ? activation_from_name(item.activation)
                                 : plain                  ? otherwise
                                                          : Activation{};
            layers.push_back(plan.make());
            layers.back()->activation = f;
            shape = plan.out;
        } catch (const Error& error) {
            throw Error("layer " + std::to_string(layers.size() + 1) + " '" +
                        one_line(description.substr(0, longest)) + "': " + one_line(error.what()));
        }
    }
    return layers;
}

}  // namespace hourglass
