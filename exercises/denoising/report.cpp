#include "denoising/denoising.hpp"

namespace hourglass::denoising {

namespace {

void print_criterion(const Options& o, const Result& r, std::ostream& output) {
    output << text(
        "\nCriterion: exact recovery within %g points of the ideal denoiser at every level "
        "trained and tested\n",
        allowed_distance);
    print_verdict(r.run(), r.criterion_met, output,
                  (r.criterion_met ? ": at most " : ": ") + text("%.2f points below it", r.distance));
    output << "  below the ideal, in points, with the standard error of the draws:\n   ";
    for (std::size_t l = 0; l < o.test.levels.size(); ++l) {
        output << text(" %.2f +- %.2f at %g%s", 100 * r.mean.below_ideal[l], 100 * r.mean.below_ideal_error[l],
                       o.test.levels[l], l + 1 < o.test.levels.size() ? ";" : "\n");
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
    for (const Run& run : r.runs) {
        print_time(run, output);
    }
    if (o.epochs > 0) {
        print_memory(r.run(), output);
    }
    for (const NamedScore& score : named_scores) {
        print_scores(score, o.test, r.mean.methods, output);
    }
    output << text("  over %d draws of the noise for each letter and level%s\n", o.test.draws,
                   r.runs.size() > 1 ? " and seed" : "");
    print_criterion(o, r, output);
    print_neighbours(r.rho, o.test.levels[o.confusion_level()], output);
    for (const std::string& failure : r.failures) {
        output << "\n" << failure;
    }
}

}  // namespace hourglass::denoising
