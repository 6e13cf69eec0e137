#include "common/report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "hourglass/analysis/attractors.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/model_file.hpp"
#include "hourglass/plot/pictures.hpp"
#include "letters/letters.hpp"
#include "letters/pictures.hpp"

namespace hourglass::letters {
namespace {

using Json = nlohmann::ordered_json;

/// What other ways to put the letters into as many numbers get wrong.
struct Baselines {
    PixelErrors mean_image;
    PixelErrors pca;
};

Baselines measure_baselines(const Matrix& X, std::size_t latent_size) {
    return {count_pixel_errors(mean_image(X), X),
            count_pixel_errors(fit_pca(X, latent_size).reconstruct(X), X)};
}

void print_heading(const Options& o, const Run& run, const TrainingMemory& memory,
                   std::ostream& output) {
    output << "Exercise 1a: " << o.font.size() << " letters of " << o.font.file << " through "
           << o.widths.back() << " numbers\n";
    print_network(o, run.model, output);
    if (o.epochs > 0) {
        output << text("  seed %llu: %zu epochs in %.2f s\n",
                       static_cast<unsigned long long>(run.seed), run.epochs.size(), run.seconds);
        print_memory(memory, output);
    }
}

void print_criterion(const Run& run, std::size_t letters, std::ostream& output) {
    output << "\nCriterion: at most 1 wrong pixel in every letter\n";
    if (!run.failure.empty()) {
        output << "  NOT met: " << run.failure << "\n";
    } else if (run.stopped) {
        output << "  NOT shown: interrupted after epoch " << run.epochs.size() << "\n";
    } else if (!run.criterion_met()) {
        output << text(
            "  NOT met: did not converge; %zu of %zu letters have 2 wrong pixels or more\n",
            letters - run.pixels.at_most_one, letters);
    } else if (run.epoch_criterion_met) {
        output << text("  met, first after epoch %d\n", *run.epoch_criterion_met);
    } else {
        output << "  met\n";
    }
    output << text("  exact letters: %zu of %zu\n", run.pixels.exact, letters)
           << text("  wrong pixels a letter: worst %zu, mean %.2f\n", run.pixels.worst,
                   run.pixels.mean);
}

void print_wrong_letters(const Options& o, const std::vector<std::size_t>& wrong,
                         std::ostream& output) {
    bool any = false;
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        if (wrong[i] > 0) {
            output << (any ? "" : "\nLetters with wrong pixels\n")
                   << text("  %-6s %zu\n", o.font.glyphs[i].name.c_str(), wrong[i]);
            any = true;
        }
    }
}

void print_baselines(const Run& run, const Baselines& baselines, std::size_t latent_size,
                     std::ostream& output) {
    const auto line = [&](const std::string& name, const PixelErrors& errors) {
        output << text("  %-30s %9.2f %9zu %9zu %9zu\n", name.c_str(), errors.mean, errors.worst,
                       errors.at_most_one, errors.exact);
    };
    output << text("\n%-32s %9s %9s %9s %9s\n", "Wrong pixels a letter", "mean", "worst", "<= 1",
                   "exact");
    line("mean image (no latent at all)", baselines.mean_image);
    line(text("PCA with %zu components", latent_size), baselines.pca);
    line("this network", run.pixels);
}

void print_seeds(const SeedSummary& summary, const std::vector<Run>& runs, std::ostream& output) {
    if (summary.seeds < runs.size()) {
        output << text("\nInterrupted: %zu of %zu seeds were finished", summary.seeds, runs.size());
    }
    output << text("\n%zu seeds: criterion met by %.0f %%, exact %.0f %%", summary.seeds,
                   100 * summary.share_criterion_met, 100 * summary.share_exact);
    if (std::isfinite(summary.median_epoch_criterion_met)) {
        output << text(", median epoch %.0f", summary.median_epoch_criterion_met);
    }
    output << "\n";
    std::string diverged, missed;
    for (const Run& run : runs) {
        if (!run.stopped && !run.criterion_met()) {
            (run.failure.empty() ? missed : diverged) += " " + std::to_string(run.seed);
        }
    }
    output << (missed.empty() ? "" : "  did not converge: seed" + missed + "\n")
           << (diverged.empty() ? "" : "  diverged: seed" + diverged + "\n");
}

std::string error_csv(const Run& run) {
    CsvTable table(
        "epoch,error,learning_rate,wrong_pixels_max,wrong_pixels_mean,exact_letters,"
        "saturated_wrong_pixels");
    for (std::size_t e = 0; e < run.epochs.size(); ++e) {
        const Epoch& epoch = run.epochs[e];
        table.add({static_cast<double>(e + 1), epoch.error, epoch.learning_rate,
                   static_cast<double>(epoch.pixels.worst), epoch.pixels.mean,
                   static_cast<double>(epoch.pixels.exact),
                   static_cast<double>(epoch.pixels.saturated)});
    }
    return table.text();
}

/// One line a letter: its name, then its row of `values` as PREFIX0, PREFIX1, ...
std::string letters_csv(const Options& o, const std::string& prefix, const Matrix& values) {
    std::string header = "letter";
    for (std::size_t j = 0; j < values.cols(); ++j) {
        header += "," + prefix + std::to_string(j);
    }
    CsvTable table(header);
    for (std::size_t i = 0; i < values.rows(); ++i) {
        const auto row = values.row(i);
        table.add(o.font.glyphs[i].name, {row.begin(), row.end()});
    }
    return table.text();
}

Json pixel_errors_json(const PixelErrors& errors) {
    return {{"max", errors.worst},
            {"mean", errors.mean},
            {"at_most_one", errors.at_most_one},
            {"exact", errors.exact}};
}

Json results_json(const Options& o, const Run& run, const std::vector<std::size_t>& wrong,
                  const Baselines& baselines, const std::vector<NewSample>& samples) {
    Json per_letter = Json::object();
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        per_letter[o.font.glyphs[i].name] = wrong[i];
    }
    Json results = {
        {"exercise", "letters"},
        {"font", o.font.file},
        {"seed", run.seed},
        {"layers", run.model.widths()},
        {"parameters", run.model.parameter_count()},
        {"activation", name_of(o.activations.hidden)},
        {"latent_activation", name_of(o.activations.latent)},
        {"loss", name_of(o.loss)},
        {"optimizer", o.optimizer.name},
        {"learning_rate", o.optimizer.learning_rate},
        {"schedule", name_of(o.schedule.kind)},
        {"initialization", name_of(o.initialization)},
        {"batch_size", o.batch_size},
        {"epochs", run.epochs.size()},
        {"seconds", run.seconds},
        {"threads", o.threads},
        {"error", run.epochs.empty() ? Json() : Json(run.epochs.back().error)},
        {"wrong_pixels",
         {{"max", run.pixels.worst}, {"mean", run.pixels.mean}, {"per_letter", per_letter}}},
        {"exact_letters", run.pixels.exact},
        {"criterion_met", run.criterion_met()},
        {"epoch_criterion_met", run.epoch_criterion_met ? Json(*run.epoch_criterion_met) : Json()},
        {"baselines",
         {{"mean_image", pixel_errors_json(baselines.mean_image)},
          {"pca", pixel_errors_json(baselines.pca)}}},
    };
    if (!run.failure.empty()) {
        results["failure"] = run.failure;
    }
    for (const NewSample& sample : samples) {
        results["new_letters"].push_back(
            {{"code", sample.code},
             {"nearest_letter", o.font.glyphs[sample.nearest.sample].name},
             {"distance_in_pixels", sample.nearest.distance},
             {"distance_in_latent_units", sample.latent_distance},
             {"image", text_art(sample.image, o.font.width)}});
    }
    return results;
}

void add_seeds(Json& results, const SeedSummary& summary) {
    results["seeds"] = summary.seeds;
    results["share_criterion_met"] = summary.share_criterion_met;
    results["share_exact"] = summary.share_exact;
    results["median_epoch_criterion_met"] = summary.median_epoch_criterion_met;  // null: infinity
    results["seeds_not_converged"] = summary.missed;
}

std::string seeds_csv(const std::vector<Run>& runs) {
    CsvTable table(
        "seed,criterion_met,epoch_criterion_met,exact,wrong_pixels_max,wrong_pixels_mean,"
        "error,seconds,diverged");
    for (const Run& run : runs) {
        const bool diverged = !run.failure.empty();
        table.add(
            std::to_string(run.seed),
            {run.criterion_met() ? 1.0 : 0.0,
             run.epoch_criterion_met ? static_cast<double>(*run.epoch_criterion_met) : std::nan(""),
             run.exact() ? 1.0 : 0.0,
             diverged ? std::nan("") : static_cast<double>(run.pixels.worst),
             diverged ? std::nan("") : run.pixels.mean,
             run.epochs.empty() ? std::nan("") : run.epochs.back().error, run.seconds,
             diverged ? 1.0 : 0.0});
    }
    return table.text();
}

}  // namespace

namespace {

/// What there is to say about a run, measured once for the files, the pictures and the report.
struct Findings {
    Matrix X;
    Matrix Y;
    Matrix codes;
    std::vector<std::size_t> wrong;  // pixels, of each letter
    Baselines baselines;
    bool planar = false;  // is the latent space a plane?
    std::vector<NewSample> new_letters;
    std::optional<AttractorMap> attractors;
    SeedSummary summary;
    TrainingMemory memory;  // of the run; the process's peak is that of all runs
};

Findings measure(const Options& o, const Run& run, const std::vector<Run>& runs) {
    Findings f;
    f.X = o.font.pixels();
    f.Y = run.model.reconstruct(f.X);
    f.codes = run.model.encode(f.X);
    f.wrong = wrong_pixels(f.Y, f.X);
    f.baselines = measure_baselines(f.X, run.model.latent_size());
    f.planar = run.model.latent_size() == 2;
    if (f.planar) {
        f.new_letters = new_samples(run.model, f.X, 8);
        f.attractors = map_attractors(run.model, f.X);
    }
    f.summary = summarize(runs);
    f.memory = run.memory;
    for (const Run& each : runs) {
        f.memory.process_peak = std::max(f.memory.process_peak, each.memory.process_peak);
    }
    return f;
}

/// Removes what an earlier run may have left here and this one will not write.
void remove_stale(const Options& o, const Run& run, const std::vector<Run>& runs, bool planar) {
    std::vector<std::string> stale;
    if (!planar) {
        stale = {"latent", "new_letter", "attractors"};
    }
    if (runs.size() == 1) {
        stale.insert(stale.end(), {"seeds"});
    }
    if (run.frames.empty()) {
        stale.push_back("forming");
    }
    remove_pictures(o.out, stale);
    if (runs.size() == 1) {
        std::error_code absent;
        std::filesystem::remove(o.out / "seeds.csv", absent);
    }
}

std::vector<std::string> write_files(const Options& o, const Run& run, const std::vector<Run>& runs,
                                     const Findings& f) {
    Json results = results_json(o, run, f.wrong, f.baselines, f.new_letters);
    if (f.attractors) {
        for (std::size_t i = 0; i < o.font.size(); ++i) {
            results["attractor_share"][o.font.glyphs[i].name] = f.attractors->share[i];
        }
    }
    if (o.epochs > 0) {
        results["memory"] = memory_json(f.memory);
    }
    std::vector<std::string> files = {"results.json", "codes.csv", "reconstructions.csv"};
    if (runs.size() > 1) {
        add_seeds(results, f.summary);
        write_file(o.out / "seeds.csv", seeds_csv(runs));
        files.push_back("seeds.csv");
    }
    if (o.epochs > 0) {  // a report alone leaves the history and the model as they are
        write_file(o.out / "error.csv", error_csv(run));
        save_model(o.out / "model.safetensors", run.model, run.seed,
                   run.epochs_before + static_cast<int>(run.epochs.size()));
        files.insert(files.end(), {"error.csv", "model.safetensors"});
    }
    write_file(o.out / "codes.csv", letters_csv(o, "code", f.codes));
    write_file(o.out / "reconstructions.csv", letters_csv(o, "y", f.Y));
    write_file(o.out / "results.json",
               results.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return files;
}

void draw_pictures(Pictures& pictures, const Options& o, const Run& run,
                   const std::vector<Run>& runs, const Findings& f) {
    if (!run.epochs.empty()) {
        draw_error(pictures, o, run);
    }
    draw_reconstructions(pictures, o, run);
    draw_transitions(pictures, o, run);
    if (f.planar) {
        draw_latent_space(pictures, o, run);
        draw_new_letters(pictures, o, f.new_letters);
        draw_attractors(pictures, o, *f.attractors, f.codes);
    }
    if (runs.size() > 1 && !f.summary.median_error.empty()) {
        draw_seeds(pictures, o, f.summary);
    }
    if (!run.frames.empty()) {
        draw_forming(pictures, o, run);
    }
}

void print_attractors(const Options& o, const AttractorMap& map, std::ostream& output) {
    const auto largest = std::ranges::max_element(map.share) - map.share.begin();
    const auto smallest = std::ranges::min_element(map.share) - map.share.begin();
    output << text(
        "\nThe latent plane: %s owns the most of it, %.1f %%, and %s the least, %.1f %%\n",
        o.font.glyphs[static_cast<std::size_t>(largest)].name.c_str(),
        100 * map.share[static_cast<std::size_t>(largest)],
        o.font.glyphs[static_cast<std::size_t>(smallest)].name.c_str(),
        100 * map.share[static_cast<std::size_t>(smallest)]);
}

void print_report(const Options& o, const Run& run, const std::vector<Run>& runs, const Findings& f,
                  std::ostream& output) {
    print_heading(o, run, f.memory, output);
    print_criterion(run, o.font.size(), output);
    print_wrong_letters(o, f.wrong, output);
    print_baselines(run, f.baselines, run.model.latent_size(), output);
    if (f.attractors) {
        print_attractors(o, *f.attractors, output);
    }
    if (!f.new_letters.empty()) {
        const NewSample& sample = f.new_letters.front();
        output << text("\nA new letter, %zu pixels from its nearest letter, %s\n",
                       sample.nearest.distance, o.font.glyphs[sample.nearest.sample].name.c_str())
               << text_art(sample.image, o.font.width);
    }
    if (runs.size() > 1) {
        print_seeds(f.summary, runs, output);
    }
}

}  // namespace

void report_runs(const Options& o, const std::vector<Run>& runs, std::ostream& output) {
    const auto sound =
        std::ranges::find_if(runs, [](const Run& run) { return run.failure.empty(); });
    if (sound == runs.end()) {
        throw Diverged("all " + std::to_string(runs.size()) +
                       " seeds diverged; of the first: " + runs.front().failure);
    }
    const Run& run = *sound;
    const Findings findings = measure(o, run, runs);
    remove_stale(o, run, runs, findings.planar);
    const std::vector<std::string> files = write_files(o, run, runs, findings);
    Pictures pictures(o.out, o.plot_format);
    draw_pictures(pictures, o, run, runs, findings);
    print_report(o, run, runs, findings, output);
    print_files(o, files, pictures, output);
    if (!findings.planar) {
        output << "No map of the latent space and no new letters: they need a latent size of 2.\n";
    }
}

}  // namespace hourglass::letters
