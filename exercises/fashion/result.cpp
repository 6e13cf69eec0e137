#include <algorithm>

#include "fashion/fashion.hpp"
#include "hourglass/analysis/classifier.hpp"
#include "hourglass/analysis/image_baselines.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/analysis/variational.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/data/noise.hpp"

namespace hourglass::fashion {

Examples examples_of(const Options& o, const LabelledImages& images, std::uint64_t stream) {
    Examples examples{images};
    if (o.kind == Kind::denoising) {
        Rng rng(o.seed ^ stream << 32);
        add_noise(examples.noisy, images.X, {Noise::Kind::gaussian, o.noise}, rng);
        clip(examples.noisy, 0, 1);
    }
    if (o.kind == Kind::supervised) {
        examples.classes = one_hot(images.labels, idx_classes);
    }
    return examples;
}

namespace {

std::string pca_name(const Pca& pca) {
    return text("PCA with %zu components", pca.components.size());
}

std::vector<Baseline> baselines_of(const Options& o, const Matrix& X, const Pca& pca) {
    const LabelledImages &train = o.sets->train, &test = o.sets->test;
    if (o.kind == Kind::basic) {
        return {{"pca", pca_name(pca), mean_squared_difference(pca.reconstruct(X), X)},
                {"mean_image", "mean image", mean_image_error(train, test)}};
    }
    if (o.kind == Kind::denoising) {
        return {{"do_nothing", "do nothing", mean_squared_difference(X, test.X)},
                {"median_filter", "median filter, 3x3",
                 mean_squared_difference(median_filter(X, o.height(), o.width()), test.X)}};
    }
    if (o.is_variational()) {
        return {{"mean_image", "mean image", mean_image_nats(train, test)},
                {"class_means", "mean image of each class", class_mean_nats(train, test)}};
    }
    return {};
}

std::vector<Probe> probes_of(const Options& o, const Autoencoder& model, const Pca& pca) {
    const Matrix &train = o.sets->train.X, &test = o.sets->test.X;
    std::vector<Probe> probes;
    const auto add = [&](const std::string& name, Matrix of_train, Matrix of_test) {
        const Features taught{std::move(of_train), o.sets->train.labels}, tested{std::move(of_test), o.sets->test.labels};
        probes.push_back({name, linear_probe(taught, tested, idx_classes, o.seed),
                          few_labels_probe(taught, tested, idx_classes, o.seed)});
    };
    const auto add_codes = [&](const Autoencoder& of, const char* what) {
        add(text("the %zu ", of.latent_size()) + what, apply_in_blocks(of, 1, of.latent_layer(), train),
            apply_in_blocks(of, 1, of.latent_layer(), test));
    };
    add_codes(model, o.kind == Kind::supervised ? "hidden units, taught by all" : "codes of this network");
    for (std::size_t i = 0; i < o.others.size(); ++i) {
        add_codes(o.others[i].model, ("codes of " + o.other_files[i]).c_str());
    }
    add(pca_name(pca), pca.project(train), pca.project(test));
    add("raw pixels", train, test);
    return probes;
}

}  // namespace

Result measure(const Options& o, Run run) {
    if (!run.failure.empty()) {
        throw Error(run.failure);
    }
    save_first(o, run);
    const TrainAndTest& sets = *o.sets;
    Result r{std::move(run), {}, {}};
    const Autoencoder& model = r.run.model;
    const auto score_of = [&](const Examples& examples) {
        return score(model, examples.X(), examples.T(), o.loss, o.seed);
    };
    const Examples test = examples_of(o, sets.test, 2);
    r.train = score_of(examples_of(o, sets.train, 1));
    r.test = score_of(test);
    if (o.kind == Kind::denoising) {
        r.clean = score_of({sets.test}).error;
    }
    r.X = test.X();
    r.Y = apply_in_blocks(model, 1, model.depth(), r.X);
    r.codes = apply_in_blocks(model, 1, model.latent_layer(), r.X);
    if (o.is_variational()) {
        r.unit_kl = kl_of_units(apply_in_blocks(model, 1, model.latent_layer() - 1, r.X));
    }
    const Pca pca = fit_pca(sets.train.X, std::min<std::size_t>(model.latent_size(), 64));
    r.baselines = baselines_of(o, r.X, pca);
    r.probes = probes_of(o, model, pca);
    r.taken = most_probable_classes(r.Y);
    r.criterion_met = r.run.complete() && std::ranges::all_of(r.baselines, [&](const Baseline& baseline) {
        return -r.test.elbo() < baseline.error;
    });
    if (o.kind == Kind::supervised) {
        r.criterion_met = r.run.complete() && r.test.accuracy > r.probes.back().all_labels;
    }
    return r;
}

}  // namespace hourglass::fashion
