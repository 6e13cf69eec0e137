#include "common/study.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "variational/variational.hpp"

namespace hourglass::variational {

Outcome run_study(const Options& base, std::ostream& output) {
    const auto judge = [&](Variant& v, const std::vector<Run>& runs) {
        Options o = base;
        static_cast<TrainingOptions&>(o) = v.options;
        const Result r = measure(o, {runs});
        const auto add = [&](const char* key, const char* heading, const char* format, auto number) {
            v.scores.push_back({key, median_of(r.nets, number), heading, format});
        };
        add("negative_elbo", "-ELBO", "%.3f", [](const Net& net) { return -net.elbo.value(); });
        add("reconstruction", "reconstruction", "%.3f", [](const Net& n) { return n.elbo.reconstruction; });
        add("kl", "KL", "%.3f", [](const Net& net) { return net.elbo.kl; });
        if (base.of_letters()) {
            add("exact", "exact", "%.0f", [](const Net& net) { return net.pixels.exact; });
            add("drawn_exact", "drawn exact", "%.3f", [](const Net& net) { return net.drawn_exact; });
        }
        add("near", "new near", "%.3f", [](const Net& net) { return net.near; });
        add("copies", "new copies", "%.3f", [](const Net& net) { return net.copies; });
        const auto met = std::ranges::count_if(r.nets, &Net::criterion_met);
        v.share_criterion_met = static_cast<double>(met) / base.seeds;
        v.rank = {v.scores.front().value};
    };
    const auto draw = [&](const std::vector<Variant>& variants, Pictures& pictures) {
        if (base.study != "beta") {
            return;
        }
        std::vector<Line> lines = score_lines(
            variants, {{"negative_elbo", "-ELBO"}, {"reconstruction", "reconstruction"}, {"kl", "KL"}},
            [](const TrainingOptions& o) { return *o.beta; });
        if (base.of_letters()) {
            lines.push_back({"entropy of the set", lines[0].x,
                             std::vector(variants.size(), entropy_of_rows(base.X)), true});
        }
        draw_lines(pictures, "beta_elbo",
                   {.title = "What beta buys: cheaper codes, and what they leave unsaid",
                    .x_label = "beta",
                    .y_label = base.nats(),
                    .log_x = 2},
                   lines);
    };
    const Json head = {{"exercise", "variational"}, {"samples", base.samples}};
    return run_variants(base, head, output, train, judge, {.draw = draw});
}

}  // namespace hourglass::variational
