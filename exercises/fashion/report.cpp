#include <nlohmann/json.hpp>

#include "fashion/fashion.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/variational.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass::fashion {
namespace {

Json results_json(const Options& o, const Result& r) {
    Json results = heading(o);
    add_training(results, o, r.run);
    for (const auto& [set, scores] : {std::pair{"train", r.train}, {"test", r.test}}) {
        for (const ScoreAxis& score : scores_of(o)) {
            results[set][score.key] = score.value(scores);
        }
    }
    results["baselines"] = Json::object();
    for (const Baseline& baseline : r.baselines) {
        results["baselines"][baseline.key] = baseline.error;
    }
    if (o.kind == Kind::denoising) {
        results.update({{"noise", o.noise}, {"clean_images", r.clean}});
    }
    if (o.is_variational()) {
        results.update({{"unit_kl", r.unit_kl}, {"used_units", used_units(r.unit_kl)}});
    }
    results["linear_classifier"] = to_json(r.probes);
    if (r.map) {
        results["tsne"] = to_json(*r.map);
        results["tsne"]["of"] = o.map.of();
    }
    results["criterion_met"] = r.criterion_met;
    return results;
}

}  // namespace

std::vector<ScoreAxis> scores_of(const Options& o) {
    if (o.is_variational()) {
        return {{"", [](const SetScores& scores) { return -scores.elbo(); }, "error"},
                {"ELBO (nats an image)", &SetScores::elbo, "elbo"},
                {"reconstruction (nats an image)", &SetScores::error, "reconstruction"},
                {"KL divergence (nats an image)", &SetScores::kl, "kl"}};
    }
    if (o.kind == Kind::supervised) {
        return {{"negative log-likelihood (nats)", &SetScores::error, "error"},
                {"named rightly (%)", &SetScores::accuracy, "accuracy", 100}};
    }
    return {{o.error_label(), &SetScores::error, "error"}};
}

Json heading(const Options& o) {
    return {{"exercise", "fashion"}, {"kind", name_of(o.kind)}, {"images", o.samples}};
}

void write_files(RunFolder& folder, const Options& o, const Result& r) {
    std::vector<EpochColumn> columns;
    for (const auto& [set, scores] :
         {std::pair{"train_", &r.run.train_scores}, {"test_", &r.run.test_scores}}) {
        for (const ScoreAxis& score : scores_of(o)) {
            columns.push_back({set + score.key, numbers_of(*scores, score.value)});
        }
    }
    write_training(folder, o, r.run, columns);
    const auto& labels = o.sets->test.labels;
    folder.write("codes.csv", rows_csv("image,class", numbered(labels.size()),
                                       {{labels.begin(), labels.end()}}, "code", r.codes));
    write_results(folder, results_json(o, r));
}

void print_report(const Options& o, const Result& r, std::ostream& output) {
    const bool supervised = o.kind == Kind::supervised;
    const auto print = [&](const std::string& name, double value) {
        output << "  " << padded(name, 32) << text(o.is_variational() ? "%10.2f\n" : "%10.5f\n", value);
    };
    output << "Exercise 3, " << name_of(o.kind) << ": " << o.samples << " of " << o.input.height << "x"
           << o.input.width << " pixels\n";
    print_run(o, r.run, output);
    output << "\nCriterion: on test images better than "
           << (supervised ? "a linear classifier on raw pixels\n" : "each baseline\n");
    print_verdict(r.run, r.criterion_met, output, "", "in");
    output << (o.is_variational() ? "\nNats a test image, less is better: -ELBO, and of the baselines -ln p\n"
               : supervised       ? "\nNegative log-likelihood of a test image, in nats\n"
                                  : "\nMean squared error of the test images, of pixels in [0, 1]\n");
    for (const Baseline& baseline : r.baselines) {
        print(baseline.name, baseline.error);
    }
    print("this network", -r.test.elbo());
    if (o.is_variational()) {
        print("  of that, reconstruction", r.test.error);
        print(text("  KL divergence, %zu of %zu units used", used_units(r.unit_kl), r.unit_kl.size()),
              r.test.kl);
    }
    if (o.kind == Kind::denoising) {
        print("clean images, through it", r.clean);
    }
    print("this network, training images", -r.train.elbo());
    if (supervised) {
        output << text("\nTest images named rightly: %.2f %% (training images: %.2f %%)\n",
                       100 * r.test.accuracy, 100 * r.train.accuracy);
    }
    print_probes(r.probes, output);
    if (r.map) {
        output << "\nMap of the " << o.map.of() << " (map.png)\n";
        print_point_map(*r.map, output);
    }
}

}  // namespace hourglass::fashion
