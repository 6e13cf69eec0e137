#include "common/report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "denoising/denoising.hpp"
#include "hourglass/analysis/attractors.hpp"
#include "hourglass/analysis/rank_correlation.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass::denoising {
namespace {

using Json = nlohmann::ordered_json;

bool is_planar(const Options& options) {
    return options.widths.back() == 2 &&
           options.activations.latent.kind != Activation::Kind::softmax;
}

void print_scores(const char* title, const Options& o, const Evaluation& mean, std::ostream& output,
                  const char* format, double factor, double Scores::*score) {
    output << text("\n%-30s", title);
    for (const double level : o.test_levels) {
        output << text(" %8g", level);
    }
    output << "\n";
    for (const Method& method : mean.methods) {
        output << text("  %-28s", method.name.c_str());
        for (const Scores& scores : method.scores) {
            output << text(format, factor * (scores.*score));
        }
        output << "\n";
    }
}

void print_criterion(const Options& o, const std::vector<SeedResult>& seeds, const Evaluation& mean,
                     std::ostream& output) {
    const double distance = distance_to_ideal(o, mean);
    output << text(
        "\nCriterion: exact recovery within %g points of the ideal denoiser at every level "
        "trained and tested\n",
        allowed_distance);
    if (seeds.front().run.stopped) {
        output << "  NOT shown: interrupted after epoch " << seeds.front().run.epochs.size()
               << "\n";
    } else if (distance <= allowed_distance) {
        output << text("  met: at most %.2f points below it\n", distance);
    } else {
        output << text("  NOT met: %.2f points below it\n", distance);
    }
    output << "  below the ideal, in points, with the standard error of the draws:\n   ";
    for (std::size_t l = 0; l < o.test_levels.size(); ++l) {
        output << text(" %.2f +- %.2f at %g%s", 100 * mean.below_ideal[l],
                       100 * mean.below_ideal_error[l], o.test_levels[l],
                       l + 1 < o.test_levels.size() ? ";" : "\n");
    }
}

struct Correlations {
    MeanInterval latent;
    MeanInterval hamming;
    MeanInterval advantage;  // of the distance in pixels: |rho_hamming| - |rho_latent| of each seed
};

Correlations correlations_of(const std::vector<SeedResult>& seeds) {
    std::vector<double> latent, hamming, advantage;
    for (const SeedResult& seed : seeds) {
        const Neighbours& n = seed.neighbours;
        latent.push_back(n.spearman_latent);
        hamming.push_back(n.spearman_hamming);
        advantage.push_back(std::abs(n.spearman_hamming) - std::abs(n.spearman_latent));
    }
    const auto interval = [](const std::vector<double>& values) {
        MeanInterval result = mean_interval(values);
        result.low = std::max(result.low, -1.0);  // a correlation is in [-1, 1]
        result.high = std::min(result.high, 1.0);
        return result;
    };
    return {interval(latent), interval(hamming), mean_interval(advantage)};
}

void print_neighbours(const Options& o, const std::vector<SeedResult>& seeds,
                      std::ostream& output) {
    const Correlations rho = correlations_of(seeds);
    output << text("\nNeighbours and confusion at %g, Spearman's rank correlation over all pairs\n",
                   o.test_levels[confusion_level(o)]);
    const auto line = [&](const char* name, const MeanInterval& mean) {
        output << text("  %-34s %6.2f", name, mean.mean);
        if (seeds.size() > 1) {
            output << text("   (95 %%: %.2f to %.2f over %zu seeds)", mean.low, mean.high,
                           seeds.size());
        }
        output << "\n";
    };
    line("distance of the codes", rho.latent);
    line("distance of the letters in pixels", rho.hamming);
    const MeanInterval& d = rho.advantage;
    if (std::isnan(d.low)) {
        output << "  One seed, or no variation: which of the two says more is not decided (try "
                  "--seeds 3).\n";
    } else if (d.low > 0) {
        output << "  With these seeds, the distance in pixels says more about confusions than that "
                  "of the "
                  "codes.\n";
    } else if (d.high < 0) {
        output << "  With these seeds, the distance of the codes says more about confusions than "
                  "that in "
                  "pixels.\n";
    } else {
        output << "  The difference between the two is within its uncertainty.\n";
    }
}

Json scores_json(const Options& o, const Evaluation& mean, double Scores::*score) {
    Json result = Json::object();
    for (std::size_t l = 0; l < o.test_levels.size(); ++l) {
        for (const Method& method : mean.methods) {
            result[text("%g", o.test_levels[l])][method.key] = method.scores[l].*score;
        }
    }
    return result;
}

Json interval_json(const MeanInterval& interval) {
    return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

/// Of the first seed's training; the process's peak is that of all.
TrainingMemory memory_of(const std::vector<SeedResult>& seeds) {
    TrainingMemory memory = seeds.front().run.memory;
    for (const SeedResult& seed : seeds) {
        memory.process_peak = std::max(memory.process_peak, seed.run.memory.process_peak);
    }
    return memory;
}

Json results_json(const Options& o, const std::vector<SeedResult>& seeds, const Evaluation& mean) {
    const Run& run = seeds.front().run;
    const Correlations rho = correlations_of(seeds);
    Json results = {{"exercise", "denoising"},
                    {"font", o.font.file},
                    {"seed", run.seed},
                    {"seeds", seeds.size()},
                    {"layers", run.model.widths()},
                    {"parameters", run.model.parameter_count()},
                    {"noise", name_of(o.noise)},
                    {"train_levels", o.train_levels},
                    {"fresh_noise", o.fresh},
                    {"passes", o.passes},
                    {"batch_size", o.batch_size},
                    {"epochs", run.epochs.size()},
                    {"seconds", run.seconds},
                    {"threads", o.threads},
                    {"draws_a_letter", o.draws},
                    {"recovery", scores_json(o, mean, &Scores::exact)},
                    {"at_most_one_wrong", scores_json(o, mean, &Scores::at_most_one)},
                    {"wrong_pixels", scores_json(o, mean, &Scores::wrong)},
                    {"mse", scores_json(o, mean, &Scores::mse)},
                    {"points_below_ideal", distance_to_ideal(o, mean)},
                    {"below_ideal", mean.below_ideal},
                    {"below_ideal_standard_error", mean.below_ideal_error},
                    {"criterion_met", criterion_met(o, seeds, mean)},
                    {"spearman",
                     {{"level", o.test_levels[confusion_level(o)]},
                      {"latent_distance", interval_json(rho.latent)},
                      {"hamming_distance", interval_json(rho.hamming)}}}};
    if (o.epochs > 0) {
        results["memory"] = memory_json(memory_of(seeds));
    }
    if (is_planar(o)) {
        const AttractorMap map = map_attractors(run.model, o.font.pixels());
        results["attractor_margin"] = 0.1;
        for (std::size_t i = 0; i < map.share.size(); ++i) {
            results["attractor_share"][o.font.glyphs[i].name] = map.share[i];
        }
    }
    return results;
}

std::string error_csv(const Options& o, const Run& run) {
    std::string header = "epoch,error,learning_rate";
    for (const double level : o.train_levels) {
        header += text(",error_at_%g", level);
    }
    CsvTable table(header);
    for (std::size_t e = 0; e < run.epochs.size(); ++e) {
        const Epoch& epoch = run.epochs[e];
        std::vector<double> row = {static_cast<double>(e + 1), epoch.error, epoch.learning_rate};
        row.insert(row.end(), epoch.level_error.begin(), epoch.level_error.end());
        table.add(row);
    }
    return table.text();
}

std::string recovery_csv(const Options& o, const Evaluation& mean) {
    CsvTable table("method,level,exact,at_most_one_wrong,wrong_pixels,mse");
    for (const Method& method : mean.methods) {
        for (std::size_t l = 0; l < o.test_levels.size(); ++l) {
            const Scores& s = method.scores[l];
            table.add(method.name, {o.test_levels[l], s.exact, s.at_most_one, s.wrong, s.mse});
        }
    }
    return table.text();
}

void print_report(const Options& o, const std::vector<SeedResult>& seeds, const Evaluation& mean,
                  std::ostream& output) {
    const Run& run = seeds.front().run;
    output << "Exercise 1b: denoising the " << o.font.size() << " letters of " << o.font.file
           << "\n";
    print_network(o, run.model, output);
    output << "  " << name_of(o.noise) << " noise of";
    for (const double level : o.train_levels) {
        output << text(" %g", level);
    }
    output << ", " << (o.fresh ? "new in each epoch" : "the same in each epoch") << "; "
           << o.train_levels.size() * static_cast<std::size_t>(o.sets) * o.font.size()
           << " letters an epoch\n";
    for (const SeedResult& seed : seeds) {
        output << text("  seed %llu: %zu epochs in %.1f s\n",
                       static_cast<unsigned long long>(seed.run.seed), seed.run.epochs.size(),
                       seed.run.seconds);
    }
    if (o.epochs > 0) {
        print_memory(memory_of(seeds), output);
    }
    print_scores("Recovered exactly (%)", o, mean, output, " %8.2f", 100, &Scores::exact);
    print_scores("At most 1 wrong pixel (%)", o, mean, output, " %8.2f", 100, &Scores::at_most_one);
    print_scores("Wrong pixels a letter", o, mean, output, " %8.3f", 1, &Scores::wrong);
    print_scores("Mean squared error", o, mean, output, " %8.4f", 1, &Scores::mse);
    output << text("  over %d draws of the noise for each letter and level%s\n", o.draws,
                   seeds.size() > 1 ? " and seed" : "");
    print_criterion(o, seeds, mean, output);
    print_neighbours(o, seeds, output);
}

}  // namespace

void report(const Options& o, const std::vector<SeedResult>& seeds, const Evaluation& mean,
            const std::vector<std::string>& failures, std::ostream& output) {
    const Run& run = seeds.front().run;
    if (!is_planar(o)) {
        remove_pictures(o.out, {"latent", "attractors"});
    }
    std::vector<std::string> files = {"results.json", "recovery.csv"};
    if (o.epochs > 0) {  // a report alone leaves the history and the model as they are
        write_file(o.out / "error.csv", error_csv(o, run));
        save_model(o.out / "model.safetensors", run.model, run.seed,
                   (o.start ? o.start->epoch : 0) + static_cast<int>(run.epochs.size()));
        files.insert(files.end(), {"error.csv", "model.safetensors"});
    }
    write_file(o.out / "recovery.csv", recovery_csv(o, mean));
    write_file(
        o.out / "results.json",
        results_json(o, seeds, mean).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");

    Pictures pictures(o.out, o.plot_format);
    if (!run.epochs.empty()) {
        draw_error(pictures, o, run);
    }
    draw_recovery(pictures, o, mean);
    draw_letters(pictures, o, seeds.front());
    draw_confusions(pictures, o, mean);
    draw_neighbours(pictures, o, seeds);
    if (is_planar(o)) {
        draw_plane(pictures, o, run);
    }
    print_report(o, seeds, mean, output);
    for (const std::string& failure : failures) {
        output << "\n" << failure;
    }
    print_files(o, files, pictures, output);
}

}  // namespace hourglass::denoising
