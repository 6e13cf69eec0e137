#include "letters/letters.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "hourglass/analysis/pca.hpp"
#include "hourglass/core/error.hpp"

namespace hourglass::letters {

Result measure(const Options& o, const std::vector<Run>& runs) {
    const auto sound =
        std::ranges::find_if(runs, [](const Run& run) { return run.failure.empty(); });
    if (sound == runs.end()) {
        throw Error((runs.size() == 1 ? ""
                                      : "all " + std::to_string(runs.size()) +
                                            " seeds diverged; of the first: ") +
                    runs.front().failure);
    }
    Result r{runs, *sound, summarize(runs), o.font.pixels(), {}, {}, {}, {}, {}, {}, {}};
    const Autoencoder& model = r.run.model;
    r.Y = model.reconstruct(r.X);
    r.codes = model.encode(r.X);
    r.wrong = wrong_pixels(r.Y, r.X);
    r.mean_image = count_pixel_errors(mean_image(r.X), r.X);
    r.pca = count_pixel_errors(fit_pca(r.X, model.latent_size()).reconstruct(r.X), r.X);
    if (model.latent_size() == 2) {
        r.attractors = map_attractors(model, r.X);
        r.new_letters = new_samples(model, r.X, 8);
    }
    return r;
}

}  // namespace hourglass::letters
