#include "common/validation_sets.hpp"

#include "hourglass/analysis/pixel_range.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {

ValidationSets::ValidationSets(const FontOptions& options, Noise::Kind noise, const std::vector<double>& levels,
                               Training& t)
    : levels_(levels), loss_(options.loss), ws_(t.model) {
    Rng rng(options.seed ^ 0x77617463686564);  // not the stream that training draws from
    for (const double level : levels_) {
        NoisySet& set = sets_.emplace_back(options.font.pixels(), noise, std::vector{level}, 10);
        set.distort(rng);
        if (options.zero_one()) {
            to_zero_one(set.noisy, set.noisy);
            to_zero_one(set.clean, set.clean);
        }
    }
    t.sample_name = [&font = options.font](std::size_t i) { return "the letter " + font.glyphs[i % font.size()].name; };
}

void ValidationSets::watch(Training& t) {
    errors.emplace_back();
    for (std::size_t l = 0; l < sets_.size(); ++l) {
        t.model.forward(ws_, sets_[l].noisy);
        errors.back().push_back(t.model.loss(ws_, sets_[l].clean, loss_));
        t.check_divergence(ws_, " with noise of " + to_text(levels_[l]));
    }
}

}  // namespace hourglass
