#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/parallel.hpp"
#include "hourglass/io/files.hpp"
#include "letters/letters.hpp"

namespace hourglass::letters {
namespace {

std::vector<Variant> variants_of(const Options& base) {
    std::vector<Variant> variants;
    const auto add = [&](const std::string& name) -> Options& {
        variants.push_back({name, base});
        return variants.back().options;
    };
    if (base.study == "architectures") {
        for (const char* text : {"35,10,2", "35,20,2", "35,40,2", "35,15,8,2", "35,25,15,2", "35,40,20,2",
                                 "35,32,24,16,2", "35,48,32,16,8,2"}) {
            auto widths = parse_widths(text);
            widths.front() = base.font.glyph_size();
            add(mirrored_text(widths)).widths = widths;
        }
    } else if (base.study == "optimizers") {
        // Each with the learning rate that did best for it among factors of two or so, for with one rate
        // for all the study would measure the rate.
        add("sgd 0.01").optimizer = {.name = "sgd", .learning_rate = 0.01};
        add("sgd 0.001, momentum 0.9").optimizer = {.name = "sgd", .learning_rate = 0.001, .momentum = 0.9};
        add("adagrad 0.1").optimizer = {.name = "adagrad", .learning_rate = 0.1};
        add("adam 0.003").optimizer = {.name = "adam", .learning_rate = 0.003};
    } else if (base.study == "activations") {
        for (const Activation::Kind kind : {Activation::Kind::tanh, Activation::Kind::leaky_relu}) {
            add(name_of(Activation{kind})).activations.hidden = {kind};
        }
    } else if (base.study == "initializations") {
        for (const Initialization initialization :
             {Initialization::layer_scaled, Initialization::xavier, Initialization::he}) {
            add(std::string(name_of(initialization))).initialization = initialization;
        }
    } else {
        for (const Loss loss : {Loss::cross_entropy, Loss::mean_squared_error}) {
            require_compatible(loss, base.activations.output);
            add(std::string(name_of(loss))).loss = loss;
        }
    }
    return variants;
}

/// What a variant was trained with that is not in `results` already.
Json own_options(const Variant& variant, const Json& results) {
    Json options, own = Json::object();
    add_options(options, variant.options);
    for (const auto& [key, value] : options.items()) {
        if (!results.contains(key) || results[key] != value) {
            own[key] = value;
        }
    }
    return own;
}

}  // namespace

void write_files(RunFolder& folder, const Options& base, const std::vector<Variant>& variants) {
    Json results = {{"exercise", "letters"}, {"study", base.study}, {"font", base.font.file}};
    add_options(results, base);
    CsvTable table("variant,epoch,median_error,low_error,high_error");
    for (const Variant& v : variants) {
        const SeedSummary& s = v.summary;
        results["variants"].push_back({{"name", v.name},
                                       {"layers", v.runs.front().model.widths()},
                                       {"parameters", v.parameter_count()},
                                       {"lowest_error", s.lowest_error},
                                       {"lowest_epoch", s.lowest_epoch},
                                       {"share_criterion_met", s.share_criterion_met},
                                       {"share_exact", s.share_exact},
                                       {"median_epoch_criterion_met", s.median_epoch_criterion_met},
                                       {"median_wrong_pixels", s.median_wrong},
                                       {"median_seconds", s.median_seconds}});
        results["variants"].back().update(own_options(v, results));
        for (std::size_t e = 0; e < s.median_error.size(); ++e) {
            table.add(v.name,
                      {static_cast<double>(e + 1), s.median_error[e], s.low_error[e], s.high_error[e]});
        }
    }
    write_results(folder, results);
    folder.write(base.study + ".csv", table.text());
}

Outcome run_study(const Options& base, std::ostream& output) {
    std::vector<Variant> variants = variants_of(base);
    std::vector<Options> options;
    std::ranges::transform(variants, std::back_inserter(options), &Variant::options);
    std::vector<std::vector<Run>> runs = run_all_seeds(options, train);
    if (interrupted()) {
        output << "Interrupted: the study of " << base.study << " is not complete and leaves nothing.\n";
        return Outcome::interrupted;
    }
    for (std::size_t v = 0; v < variants.size(); ++v) {
        variants[v].runs = std::move(runs[v]);
        variants[v].summary = summarize(variants[v].runs);
    }
    report_run(base, variants, output);
    const bool held =
        std::ranges::any_of(variants, [](const Variant& v) { return v.summary.share_criterion_met == 1; });
    return held ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace hourglass::letters
