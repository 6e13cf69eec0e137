#include "hourglass/io/scaling_text.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hourglass/core/error.hpp"

namespace hourglass {

std::string scaling_text(const SavedScaling& saved) {
    const auto& [kind, shift, scale, mean] = saved.scaling;
    const nlohmann::ordered_json json = {{"kind", name_of(kind)},       {"columns", saved.columns},
                                         {"shift", shift},              {"scale", scale},
                                         {"mean", mean},                {"side", saved.side},
                                         {"channels", saved.channels}, {"limit", saved.limit}};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

SavedScaling parse_scaling(const std::string& text, std::size_t columns) {
    SavedScaling saved;
    auto& [kind, shift, scale, mean] = saved.scaling;
    try {
        const auto json = nlohmann::json::parse(text);
        kind = scaling_from_name(json.at("kind").get<std::string>());
        json.at("columns").get_to(saved.columns);
        json.at("shift").get_to(shift);
        json.at("scale").get_to(scale);
        json.at("mean").get_to(mean);
        json.at("side").get_to(saved.side);
        json.at("channels").get_to(saved.channels);
        json.at("limit").get_to(saved.limit);
    } catch (const nlohmann::json::exception&) {
        throw Error("its scaling of columns is damaged");
    }
    for (const auto* values : {&shift, &scale, &mean}) {
        const bool finite = std::ranges::all_of(*values, [](double value) { return std::isfinite(value); });
        if (values->size() != columns || !finite) {
            throw Error("expected finite numbers to scale each of its " + std::to_string(columns) + " columns by");
        }
    }
    if (saved.columns.size() != columns || std::ranges::any_of(scale, [](double value) { return value <= 0; }) ||
        saved.side > 65'535 || saved.channels > 3) {
        throw Error("its scaling of columns is not one of " + std::to_string(columns));
    }
    return saved;
}

}  // namespace hourglass
