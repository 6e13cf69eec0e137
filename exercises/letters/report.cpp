#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

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

template <typename... Values>
std::string text(const char* format, Values... values) {
    char line[256];
    std::snprintf(line, sizeof line, format, values...);
    return line;
}

/// What other ways to put the letters into as many numbers get wrong.
struct Baselines {
    PixelErrors mean_image;
    PixelErrors pca;
};

Baselines measure_baselines(const Matrix& X, std::size_t latent_size) {
    return {count_pixel_errors(mean_image(X), X),
            count_pixel_errors(fit_pca(X, latent_size).reconstruct(X), X)};
}

void print_heading(const Options& o, const Run& run, std::ostream& output) {
    output << "Exercise 1a: " << o.font.size() << " letters of " << o.font.file << " through "
           << o.widths.back() << " numbers\n"
           << text("  %s (%zu parameters), %s, latent %s, output %s\n", architecture(o).c_str(),
                   run.model.parameter_count(), name_of(o.activations.hidden).c_str(),
                   name_of(o.activations.latent).c_str(), name_of(o.activations.output).c_str());
    if (o.epochs > 0) {
        output << text("  %s, %s, learning rate %g %s, batches of %zu, %s weights\n",
                       std::string(name_of(o.loss)).c_str(), o.optimizer.name.c_str(),
                       o.optimizer.learning_rate,
                       std::string(name_of(o.schedule.kind)).c_str(), o.batch_size,
                       std::string(name_of(o.initialization)).c_str());
    }
    if (run.epochs_before > 0) {
        output << text("  starting from %s, which was trained for %d epochs\n", o.load.c_str(),
                       run.epochs_before);
    }
    output << text("  seed %llu: %zu epochs in %.2f s\n", static_cast<unsigned long long>(run.seed),
                   run.epochs.size(), run.seconds);
}

void print_criterion(const Run& run, std::size_t letters, std::ostream& output) {
    output << "\nCriterion: at most 1 wrong pixel in every letter\n";
    if (!run.failure.empty()) {
        output << "  NOT shown: " << run.failure << "\n";
    } else if (!run.criterion_met()) {
        output << text("  NOT met: did not converge; %zu of %zu letters have 2 wrong pixels or more\n",
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
    output << text("\n%-32s %9s %9s %9s %9s\n", "Wrong pixels a letter", "mean", "worst",
                   "<= 1", "exact");
    line("mean image (no latent at all)", baselines.mean_image);
    line(text("PCA with %zu components", latent_size), baselines.pca);
    line("this network", run.pixels);
}

void print_seeds(const SeedSummary& summary, std::ostream& output) {
    output << text("\n%zu seeds: criterion met by %.0f %%, exact %.0f %%", summary.seeds,
                   100 * summary.share_criterion_met, 100 * summary.share_exact);
    if (std::isfinite(summary.median_epoch_criterion_met)) {
        output << text(", median epoch %.0f", summary.median_epoch_criterion_met);
    }
    output << "\n";
    if (!summary.missed.empty()) {
        output << "  did not converge: seed";
        for (const std::uint64_t seed : summary.missed) {
            output << " " << seed;
        }
        output << "\n";
    }
}

std::string error_csv(const Run& run) {
    CsvTable table("epoch,error,learning_rate,wrong_pixels_max,wrong_pixels_mean,exact_letters,"
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

std::string rows_csv(const char* first_columns, std::size_t columns, const Options& o,
                     const Matrix& values) {
    std::string header = first_columns;
    for (std::size_t j = 0; j < columns; ++j) {
        header += (first_columns[0] == 'l' ? ",y" : ",z") + std::to_string(j);
    }
    CsvTable table(header);
    for (std::size_t i = 0; i < values.rows(); ++i) {
        const auto row = values.row(i);
        table.add(o.font.glyphs[i].name, {row.begin(), row.end()});
    }
    return table.text();
}

Json pixel_errors_json(const PixelErrors& errors) {
    return {{"max", errors.worst}, {"mean", errors.mean}, {"at_most_one", errors.at_most_one},
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
             {"image", text_art(sample.image)}});
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
    CsvTable table("seed,criterion_met,epoch_criterion_met,exact,wrong_pixels_max,wrong_pixels_mean,"
                   "error,seconds");
    for (const Run& run : runs) {
        table.add({static_cast<double>(run.seed), run.criterion_met() ? 1.0 : 0.0,
                   run.epoch_criterion_met ? static_cast<double>(*run.epoch_criterion_met) : std::nan(""), run.exact() ? 1.0 : 0.0,
                   static_cast<double>(run.pixels.worst), run.pixels.mean,
                   run.epochs.empty() ? std::nan("") : run.epochs.back().error, run.seconds});
    }
    return table.text();
}

}  // namespace

void print_picture_problems(const Pictures& pictures, std::ostream& output) {
    for (const std::string& failure : pictures.failures()) {
        output << failure << "\n";
    }
    if (!pictures.can_draw()) {
        output << "No pictures: gnuplot was not found. Their data and scripts are there; with gnuplot,\n"
               << "`gnuplot NAME.gp` in that folder draws NAME.\n";
    }
}

void report_run(const Options& o, const Run& run, const std::vector<Run>& seeds,
                std::ostream& output) {
    const Matrix X = o.font.pixels();
    const Matrix Y = run.model.reconstruct(X);
    const Matrix codes = run.model.encode(X);
    const bool planar = run.model.latent_size() == 2;
    const std::vector<std::size_t> wrong = wrong_pixels(Y, X);
    const Baselines baselines = measure_baselines(X, run.model.latent_size());
    const std::vector<NewSample> samples =
        planar ? new_samples(run.model, X, 8) : std::vector<NewSample>{};
    const SeedSummary summary = summarize(seeds);

    Json results = results_json(o, run, wrong, baselines, samples);
    if (seeds.size() > 1) {
        add_seeds(results, summary);
        write_file(o.out / "seeds.csv", seeds_csv(seeds));
    }
    write_file(o.out / "error.csv", error_csv(run));
    write_file(o.out / "reconstructions.csv", rows_csv("letter", X.cols(), o, Y));
    write_file(o.out / "codes.csv", rows_csv("code of", codes.cols(), o, codes));
    save_model(o.out / "model.safetensors", run.model, run.seed,
               run.epochs_before + static_cast<int>(run.epochs.size()));
    write_file(o.out / "results.json", results.dump(2) + "\n");

    Pictures pictures(o.out, o.plot_format);
    if (!run.epochs.empty()) {
        draw_error(pictures, o, run);
    }
    draw_reconstructions(pictures, o, run);
    draw_transitions(pictures, o, run);
    if (planar) {
        draw_latent_space(pictures, o, run);
        draw_new_letters(pictures, o, samples);
    }
    if (seeds.size() > 1 && !summary.median_error.empty()) {
        draw_seeds(pictures, o, summary);
    }

    print_heading(o, run, output);
    print_criterion(run, o.font.size(), output);
    print_wrong_letters(o, wrong, output);
    print_baselines(run, baselines, run.model.latent_size(), output);
    if (!samples.empty()) {
        output << text("\nA new letter, %zu pixels from its nearest letter, %s\n",
                       samples[0].nearest.distance,
                       o.font.glyphs[samples[0].nearest.sample].name.c_str())
               << text_art(samples[0].image);
    }
    if (seeds.size() > 1) {
        print_seeds(summary, output);
    }
    output << "\nFiles in " << o.out.string() << ": results.json, error.csv, codes.csv, "
           << "reconstructions.csv, model.safetensors" << (seeds.size() > 1 ? ", seeds.csv" : "");
    for (const std::string& name : pictures.names()) {
        output << ", " << name;
    }
    output << "\n";
    if (!planar) {
        output << "No map of the latent space and no new letters: they need a latent size of 2.\n";
    }
    print_picture_problems(pictures, output);
}

}  // namespace hourglass::letters
