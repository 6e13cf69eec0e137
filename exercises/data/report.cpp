#include "common/row_report.hpp"
#include "data/data.hpp"

namespace hourglass::data {
namespace {

void print_errors(const Options& o, const Result& r, std::ostream& output) {
    const PreparedRows& rows = *o.rows;
    const auto line = [&](const std::string& name, const RowScores& of, const std::string& note) {
        output << "  " << padded(name, 34) << text("%12.6f", o.apply ? of.error : of.train)
               << (rows.held_out.empty() ? "" : text("%12.6f", of.held_out))
               << (rows.left_out.empty() ? "" : text("%12.4f", of.roc_area)) << note << "\n";
    };
    output << "\n" << padded("Mean squared error " + o.unit, 36) << (o.apply ? "    new rows" : "  trained on")
           << (rows.held_out.empty() ? "" : "    held out") << (rows.left_out.empty() ? "" : "    ROC area") << "\n";
    const std::size_t k = r.nets.front().codes.cols();
    if (r.pca) {
        line(text("PCA with %zu components", k), *r.pca, "");
    }
    if (r.linear) {
        line("linear net, the same size of code", *r.linear,
             r.angles.empty() ? "" : text("   (its plane is at most %.1e radians from PCA's)", r.angles.front()));
    }
    for (std::size_t s = 0; s < r.nets.size(); ++s) {
        line(o.net_text() + (o.seeds > 1 ? ", seed " + std::to_string(r.runs[s].seed) : ""), r.nets[s], "");
    }
    if (!rows.left_out.empty()) {
        output << text("  ROC area: how well the error tells the %zu rows of the class that was left out, %s, from the\n"
                       "  %s: 1 if all of them have a larger one, 0.5 if it is chance.\n",
                       rows.left_out.size(), o.left_out.c_str(), rows.judged_name().c_str());
    }
}

}  // namespace

void print_report(const Options& o, const Result& r, std::ostream& output) {
    const PreparedRows& rows = *o.rows;
    const Run& run = r.runs.front();
    output << "Exercise 6: " << o.samples << text(", each as %zu numbers\n", r.nets.front().codes.cols());
    print_run(o, run, output);
    for (const auto* notes : {&rows.table.notes, &o.chosen}) {
        for (const std::string& note : *notes) {
            output << "  " << note << "\n";
        }
    }
    if (run.best_epoch > 0) {
        output << text("  %zu rows held out; the model is that of epoch %zu, where their error was least\n",
                       rows.held_out.size(), run.best_epoch);
    }
    if (!o.apply) {
        output << "\nCriterion: of the " << rows.judged_name() << ", no larger error than PCA with as many numbers\n";
        print_verdict(run, r.criterion_met, output);
    }
    print_errors(o, r, output);
    print_columns(rows, r.nets.front(), r.pca ? &*r.pca : nullptr, output);
    print_unusual(rows, r.nets.front(), r.unusual, output);
    if (o.apply) {
        output << text("  %zu of %zu rows have an error above %.4g, as 1 of 100 had when the model was trained.\n",
                       r.above_limit, rows.table.rows(), rows.saved.limit);
    }
    if (r.map) {
        output << "\nThe map\n";
        print_point_map(*r.map, output);
    }
}

}  // namespace hourglass::data
