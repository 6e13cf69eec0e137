#include "common/doctor.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "hourglass/analysis/pixel_range.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/plot/doctor_page.hpp"

namespace hourglass {
namespace {

constexpr std::size_t samples_of_doctor = 200;  // of the set that the short trainings see

const char* name_of(Verdict verdict) {
    return verdict == Verdict::well ? "well" : verdict == Verdict::notice ? "notice" : "WRONG";
}

Patient patient_of(const TrainingOptions& o, const DoctorData& data) {
    const Matrix &X = data.X.empty() ? data.set.X : data.X, &T = data.X.empty() ? data.set.T : data.T;
    Patient patient{o.initial_model(),
                    some_rows(X, samples_of_doctor),
                    some_rows(T, samples_of_doctor),
                    o.loss,
                    o.optimizer,
                    std::min(o.batch_size, X.rows()),
                    o.seed};
    Rng rng(o.seed);
    initialize(patient.network, o.initialization, rng);
    return patient;
}

std::string rounded(double value) {
    return to_text(value, 2);
}

void print_layers(const std::vector<LayerSignal>& layers, const std::string& when, std::ostream& output) {
    output << text("\n  %-22s %9s %9s %12s %9s %8s\n", when.c_str(), "spread Z", "spread A", "flat or dead", "size dZ",
                   "step/W");
    for (const LayerSignal& l : layers) {
        output << text("  %-22s %9s %9s %10s %% %9s %8s\n", l.layer.c_str(), rounded(l.z_spread).c_str(),
                       rounded(l.a_spread).c_str(), to_text(100 * l.flat, 3).c_str(), rounded(l.gradient).c_str(),
                       rounded(l.update).c_str());
    }
}

void print(const Examination& e, const std::string& title, std::ostream& output) {
    output << title << "\n\n";
    for (const Finding& f : e.findings) {
        const std::string verdict = text("  %-7s ", name_of(f.verdict)), indent(verdict.size(), ' ');
        output << wrapped(f.topic + ": " + f.number, indent).replace(0, verdict.size(), verdict)
               << (f.advice.empty() ? "" : wrapped(f.advice, indent));
    }
    print_layers(e.first, "at initialization", output);
    print_layers(e.later, "after some training", output);
    const auto wrong = std::ranges::count(e.findings, Verdict::wrong, &Finding::verdict);
    output << (wrong == 0 ? text("\nNothing is wrong among %zu findings.\n", e.findings.size())
                          : text("\n%td of %zu findings are wrong.\n", wrong, e.findings.size()));
}

Json json_of(const std::vector<LayerSignal>& layers) {
    Json result = Json::array();
    for (const LayerSignal& l : layers) {
        result.push_back({{"layer", l.layer},
                          {"z_mean", l.z_mean},
                          {"z_spread", l.z_spread},
                          {"a_mean", l.a_mean},
                          {"a_spread", l.a_spread},
                          {"flat", l.flat},
                          {"gradient", l.gradient},
                          {"update", l.update}});
    }
    return result;
}

Json json_of(const char* exercise, const TrainingOptions& o, const Examination& e) {
    Json json = {{"exercise", exercise}};
    add_options(json["options"], o);
    for (const Finding& f : e.findings) {
        json["findings"].push_back({{"topic", f.topic},
                                    {"verdict", f.verdict == Verdict::wrong ? "wrong" : name_of(f.verdict)},
                                    {"number", f.number},
                                    {"advice", f.advice}});
    }
    json["signal"] = {{"at_initialization", json_of(e.first)}, {"after_some_training", json_of(e.later)}};
    json["range_test"] = {{"rates", e.rates.rates}, {"losses", e.rates.losses}, {"suggestion", e.rates.suggestion}};
    return json;
}

}  // namespace

Outcome examine(const char* exercise, const TrainingOptions& o, DoctorData data, std::ostream& output) {
    if (data.set.T.empty()) {
        data.set.T = data.set.X;
    }
    if (o.zero_one()) {
        for (Matrix* pixels : {&data.set.X, &data.set.T, &data.set.test, &data.X, &data.T}) {
            to_zero_one(*pixels, *pixels);
        }
    }
    const Patient patient = patient_of(o, data);
    const Examination e =
        Progress("examining", o.quiet).during([&] { return examine(patient, data.set, o.schedule, o.epochs); });
    const std::string title = "The doctor looks at " + std::string(exercise) + ": " + o.net_text() +
                              text(", seed %llu", static_cast<unsigned long long>(o.seed));
    print(e, title, output);
    RunFolder folder(o.out, o.plot_format);
    folder.write("doctor.json", json_of(exercise, o, e).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    draw_doctor_page(folder.pictures, {title, o.error_label(), o.optimizer.learning_rate, e});
    folder.print(output);
    const bool ill = std::ranges::count(e.findings, Verdict::wrong, &Finding::verdict) > 0;
    return ill ? Outcome::criterion_missed : Outcome::criterion_held;
}

}  // namespace hourglass
