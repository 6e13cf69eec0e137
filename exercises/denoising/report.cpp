#include <cmath>

#include "denoising/denoising.hpp"

namespace hourglass::denoising {

void print_scores(const char* title, const Options& o, const std::vector<Method>& methods,
                  std::ostream& output, const char* format, double factor, double Scores::*score) {
    output << text("\n%-30s", title);
    for (const double level : o.test.levels) {
        output << text(" %8g", level);
    }
    output << "\n";
    for (const Method& method : methods) {
        output << text("  %-28s", method.name.c_str());
        for (const Scores& scores : method.scores) {
            output << text(format, factor * (scores.*score));
        }
        output << "\n";
    }
}

namespace {

void print_criterion(const Options& o, const Result& r, std::ostream& output) {
    output << text(
        "\nCriterion: exact recovery within %g points of the ideal denoiser at every level "
        "trained and tested\n",
        allowed_distance);
    if (r.run().stopped) {
        output << "  NOT shown: interrupted after epoch " << r.run().epochs() << "\n";
    } else {
        output << text(
            r.criterion_met ? "  met: at most %.2f points below it\n" : "  NOT met: %.2f points below it\n",
            r.distance);
    }
    output << "  below the ideal, in points, with the standard error of the draws:\n   ";
    for (std::size_t l = 0; l < o.test.levels.size(); ++l) {
        output << text(" %.2f +- %.2f at %g%s", 100 * r.mean.below_ideal[l],
                       100 * r.mean.below_ideal_error[l], o.test.levels[l],
                       l + 1 < o.test.levels.size() ? ";" : "\n");
    }
}

void print_neighbours(const Options& o, const Result& r, std::ostream& output) {
    output << text("\nNeighbours and confusion at %g, Spearman's rank correlation over all pairs\n",
                   o.test.levels[o.confusion_level()]);
    const auto line = [&](const char* name, const MeanInterval& mean) {
        output << text("  %-34s %6.2f", name, mean.mean);
        if (r.seeds.size() > 1) {
            output << text("   (95 %%: %.2f to %.2f over %zu seeds)", mean.low, mean.high, r.seeds.size());
        }
        output << "\n";
    };
    line("distance of the codes", r.rho_latent);
    line("distance of the letters in pixels", r.rho_hamming);
    const MeanInterval& d = r.rho_advantage;
    if (std::isnan(d.low)) {
        output << "  One seed, or no variation: which of the two says more is not decided (try --seeds 3).\n";
    } else if (d.low > 0 || d.high < 0) {
        output << "  With these seeds, the distance " << (d.low > 0 ? "in pixels" : "of the codes")
               << " says more about confusions than that " << (d.low > 0 ? "of the codes.\n" : "in pixels.\n");
    } else {
        output << "  The difference between the two is within its uncertainty.\n";
    }
}

}  // namespace

void print_report(const Options& o, const Result& r, std::ostream& output) {
    output << "Exercise 1b: denoising " << o.samples << "\n";
    print_training(o, r.run(), output);
    output << "  " << name_of(o.test.noise) << " noise of";
    for (const double level : o.train_levels) {
        output << text(" %g", level);
    }
    output << ", " << (o.fresh ? "new in each epoch" : "the same in each epoch") << "; "
           << o.train_levels.size() * o.sets * o.font.size() << " letters an epoch\n";
    for (const Seed& seed : r.seeds) {
        print_time(seed.run, output);
    }
    if (o.epochs > 0) {
        print_memory(r.run(), output);
    }
    const auto scores = [&](const char* title, const char* format, double factor, double Scores::*score) {
        print_scores(title, o, r.mean.methods, output, format, factor, score);
    };
    scores("Recovered exactly (%)", " %8.2f", 100, &Scores::exact);
    scores("At most 1 wrong pixel (%)", " %8.2f", 100, &Scores::at_most_one);
    scores("Wrong pixels a letter", " %8.3f", 1, &Scores::wrong);
    scores("Mean squared error", " %8.4f", 1, &Scores::mse);
    output << text("  over %d draws of the noise for each letter and level%s\n", o.test.draws,
                   r.seeds.size() > 1 ? " and seed" : "");
    print_criterion(o, r, output);
    print_neighbours(o, r, output);
    for (const std::string& failure : r.failures) {
        output << "\n" << failure;
    }
}

}  // namespace hourglass::denoising
