#include "hourglass/nn/layer.hpp"

#include <utility>

namespace hourglass {

std::string Parameter::element_name(std::size_t position) const {
    std::string index;
    for (std::size_t d = shape.size(); d-- > 0;) {  // the last index runs fastest
        index = std::to_string(position % shape[d]) + (index.empty() ? "" : ",") + index;
        position /= shape[d];
    }
    return name + "[" + index + "]";
}

Pass::Pass(const Layer& layer) {
    for (std::string& name : layer.kept()) {
        kept.push_back({std::move(name), {}});
    }
}

}  // namespace hourglass
