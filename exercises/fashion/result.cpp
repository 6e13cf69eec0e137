#include <algorithm>

#include "fashion/fashion.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/analysis/variational.hpp"

namespace hourglass::fashion {
namespace {

std::vector<Baseline> baselines_of(const Options& o, const Matrix& X, const Pca& pca) {
    return o.kind == Kind::basic        ? reconstruction_baselines(*o.sets, pca)
           : o.kind == Kind::denoising  ? denoising_baselines(o.sets->test, X)
           : o.kind == Kind::supervised ? std::vector<Baseline>{}
                                        : density_baselines(*o.sets);
}

}  // namespace

Examples Options::examples_of(const LabelledImages& images, std::uint64_t stream) const {
    return kind == Kind::denoising    ? noisy_examples(images, noise, seed ^ stream << 32)
           : kind == Kind::supervised ? class_examples(images)
                                      : Examples{images};
}

Result measure(const Options& o, Run run) {
    save_first(o, run);
    Result r{std::move(run), {}, {}};
    const Autoencoder& model = r.run.model;
    const auto score_of = [&](const Examples& examples) {
        return score(model, examples.X(), examples.T(), o.loss, o.seed);
    };
    const Examples test = o.examples_of(o.sets->test, 2);
    r.train = score_of(o.examples_of(o.sets->train, 1));
    r.test = score_of(test);
    r.clean = o.kind == Kind::denoising ? score_of({o.sets->test}).error : 0;
    r.X = test.X();
    r.Y = apply_in_blocks(model, 1, model.depth(), r.X);
    r.codes = encode_in_blocks(model, r.X);
    if (o.is_variational()) {
        r.unit_kl = kl_of_units(apply_in_blocks(model, 1, model.latent_layer() - 1, r.X));
    }
    const Pca pca = fit_pca(o.sets->train.X, std::min<std::size_t>(model.latent_size(), 64));
    r.baselines = baselines_of(o, r.X, pca);
    const std::string codes =
        o.kind == Kind::supervised ? "hidden units, taught by all" : "codes of this network";
    r.probes = probe_codes(*o.sets, model, codes, o.others, pca, o.seed);
    const bool better = std::ranges::all_of(
        r.baselines, [&](const Baseline& baseline) { return -r.test.elbo() < baseline.error; });
    const bool beats_linear = r.test.accuracy > r.probes.back().all_labels;
    if (o.map.images > 0) {
        r.map = make_point_map(o.map, *o.sets, model, o.quiet);
    }
    r.criterion_met = r.run.complete() && (o.kind == Kind::supervised ? beats_linear : better);
    return r;
}

}  // namespace hourglass::fashion
