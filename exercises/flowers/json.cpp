#include <nlohmann/json.hpp>

#include "flowers/result.hpp"

namespace hourglass::flowers {

Json results_json(const Options& o, const Result& r) {
    const std::string size = std::to_string(r.run.model.latent_size());
    Json results = {
        {"exercise", "flowers"}, {"images", o.images.size()}, {"skipped", o.images.skipped}};
    add_training(results, o, r.run);
    results["mse"][size] = {{"network", r.run.mse}, {"pca", r.pca}, {"mean_image", r.mean_image}};
    results["criterion_met"] = r.run.learned();
    for (std::size_t i = 0; i < o.images.size(); ++i) {
        results["mse_per_image"][o.images.names[i]] = r.errors[i];
    }
    for (const HalfWaySample& flower : r.new_flowers) {
        results["new_flowers"].push_back(
            {{"between", {o.images.names[flower.first], o.images.names[flower.second]}},
             {"nearest", o.images.names[flower.nearest]},
             {"mean_squared_difference", flower.distance}});
    }
    return results;
}

}  // namespace hourglass::flowers
