#include <algorithm>

#include "fashion/fashion.hpp"
#include "hourglass/analysis/image_baselines.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/analysis/variational.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/data/noise.hpp"

namespace hourglass::fashion {
namespace {

std::string pca_name(const Pca& pca) {
    return text("PCA with %zu components", pca.components.size());
}

std::vector<Baseline> baselines_of(const Options& o, const Matrix& X, const Pca& pca) {
    const LabelledImages &train = o.sets->train, &test = o.sets->test;
    const auto error = [&](const Matrix& Y) { return mean_squared_difference(Y, test.X); };
    if (o.kind == Kind::basic) {
        return {{"pca", pca_name(pca), error(pca.reconstruct(X))},
                {"mean_image", "mean image", mean_image_error(train, test)}};
    }
    if (o.kind == Kind::denoising) {
        return {
            {"do_nothing", "do nothing", error(X)},
            {"median_filter", "median filter, 3x3", error(median_filter(X, o.input.height, o.input.width))}};
    }
    if (o.is_variational()) {
        return {{"mean_image", "mean image", mean_image_nats(train, test)},
                {"class_means", "mean image of each class", class_mean_nats(train, test)}};
    }
    return {};
}

std::vector<Probe> probes_of(const Options& o, const Autoencoder& model, const Pca& pca) {
    const LabelledImages &train = o.sets->train, &test = o.sets->test;
    std::vector<Probe> probes;
    const auto add = [&](const std::string& name, Matrix of_train, Matrix of_test) {
        probes.push_back(probe(name, {std::move(of_train), train.labels}, {std::move(of_test), test.labels},
                               idx_classes, o.seed));
    };
    const auto add_codes = [&](const Autoencoder& of, const std::string& what) {
        add(text("the %zu ", of.latent_size()) + what, apply_in_blocks(of, 1, of.latent_layer(), train.X),
            apply_in_blocks(of, 1, of.latent_layer(), test.X));
    };
    add_codes(model, o.kind == Kind::supervised ? "hidden units, taught by all" : "codes of this network");
    for (const auto& [file, other] : o.others) {
        add_codes(other.model, "codes of " + file);
    }
    add(pca_name(pca), pca.project(train.X), pca.project(test.X));
    add("raw pixels", train.X, test.X);
    return probes;
}

/// The first images of the test set, and of the training set if there are to be more.
Features first_images(const TrainAndTest& sets, std::size_t count) {
    Features first{Matrix(count, sets.test.X.cols()), sets.test.labels};
    first.labels.insert(first.labels.end(), sets.train.labels.begin(), sets.train.labels.end());
    first.labels.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t n = sets.test.size();
        std::ranges::copy(i < n ? sets.test.X.row(i) : sets.train.X.row(i - n), first.X.row(i).begin());
    }
    return first;
}

void add_map(Result& r, const Options& o) {
    Features points = first_images(*o.sets, o.map);
    if (!o.map_of_pixels) {
        points.X = apply_in_blocks(r.run.model, 1, r.run.model.latent_layer(), points.X);
    }
    r.map = make_point_map(points.X, points.labels, {}, o.quiet);
    r.map_labels = std::move(points.labels);
}

}  // namespace

Examples Options::examples_of(const LabelledImages& images, std::uint64_t stream) const {
    return kind == Kind::denoising    ? noisy_examples(images, noise, seed ^ stream << 32)
           : kind == Kind::supervised ? class_examples(images)
                                      : Examples{images};
}

Result measure(const Options& o, Run run) {
    if (!run.failure.empty()) {
        throw Error(run.failure);
    }
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
    r.codes = apply_in_blocks(model, 1, model.latent_layer(), r.X);
    r.taken = most_probable_classes(r.Y);
    if (o.is_variational()) {
        r.unit_kl = kl_of_units(apply_in_blocks(model, 1, model.latent_layer() - 1, r.X));
    }
    const Pca pca = fit_pca(o.sets->train.X, std::min<std::size_t>(model.latent_size(), 64));
    r.baselines = baselines_of(o, r.X, pca);
    r.probes = probes_of(o, model, pca);
    const bool better = std::ranges::all_of(
        r.baselines, [&](const Baseline& baseline) { return -r.test.elbo() < baseline.error; });
    const bool beats_linear = r.test.accuracy > r.probes.back().all_labels;
    if (o.map > 0) {
        add_map(r, o);
    }
    r.criterion_met = r.run.complete() && (o.kind == Kind::supervised ? beats_linear : better);
    return r;
}

}  // namespace hourglass::fashion
