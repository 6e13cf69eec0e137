#include "common/doctor.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

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

/// Everything that is measured, before any of it is written.
struct Examination {
    std::vector<Finding> findings;
    DoctorPage page;
};

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

/// The list, in its order; a training of some steps is between the signal at first and later.
Examination examine(const Patient& patient, const TrainingOptions& o, const DataSet& set) {
    Examination e;
    const auto add = [&](const Finding& finding) { e.findings.push_back(finding); };
    Network network = patient.network;
    const std::size_t steps = affordable_steps(network, patient.batch_size);
    add(examine_gradients(patient));
    if (e.findings.back().verdict != Verdict::wrong) {  // else it would say the same again
        add(examine_other_layers());
    }
    add(examine_optimizer(o.optimizer));
    add(examine_first_loss(patient));
    e.page.batch =
        learn_one_batch(patient, affordable_steps(network, std::min<std::size_t>(patient.batch_size, 8)));
    add(examine_input(e.page.batch));
    add(examine_overfitting(e.page.batch));
    if (const auto finding = examine_capacity(patient, steps)) {
        add(*finding);
    }
    for (const Finding& finding : examine_data(set, network.layer(network.depth()).activation)) {
        add(finding);
    }
    const Course course = train_some_steps(patient, patient.X, patient.T, steps);
    e.page.first = measure_signal(patient, patient.network);
    e.page.later = measure_signal(patient, course.network);
    add(examine_signal(e.page.first, "at initialization"));
    add(examine_signal(e.page.later, text("after %zu steps", course.losses.size()), true));
    e.page.rates = test_learning_rates(patient, std::clamp<std::size_t>(steps / 4, 60, 300));
    add(examine_learning_rate(e.page.rates, o.optimizer.learning_rate));
    add(examine_schedule(o.schedule, o.optimizer.learning_rate, o.epochs));
    add(examine_divergence(course));
    return e;
}

/// A sentence in lines of at most 78 characters, each indented.
std::string wrapped(const std::string& sentence, const std::string& indent) {
    std::istringstream words(sentence);
    std::string lines, line = indent, word;
    while (words >> word) {
        if (line.size() + word.size() > 78) {
            lines += line + "\n";
            line = indent;
        }
        line += (line == indent ? "" : " ") + word;
    }
    return lines + line + "\n";
}

std::string rounded(double value) {
    return to_text(value, 2);
}

void print_layers(const std::vector<LayerSignal>& layers, const std::string& when, std::ostream& output) {
    output << text("\n  %-22s %9s %9s %12s %9s %8s\n", when.c_str(), "spread Z", "spread A", "flat or dead",
                   "size dZ", "step/W");
    for (const LayerSignal& l : layers) {
        output << text("  %-22s %9s %9s %10s %% %9s %8s\n", l.layer.c_str(), rounded(l.z_spread).c_str(),
                       rounded(l.a_spread).c_str(), to_text(100 * l.flat, 3).c_str(),
                       rounded(l.gradient).c_str(), rounded(l.update).c_str());
    }
}

void print(const Examination& e, const std::string& title, std::ostream& output) {
    output << title << "\n\n";
    for (const Finding& f : e.findings) {
        const std::string verdict = text("  %-7s ", name_of(f.verdict)), indent(verdict.size(), ' ');
        output << wrapped(f.topic + ": " + f.number, indent).replace(0, verdict.size(), verdict)
               << (f.advice.empty() ? "" : wrapped(f.advice, indent));
    }
    print_layers(e.page.first, "at initialization", output);
    print_layers(e.page.later, "after some training", output);
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
    json["signal"] = {{"at_initialization", json_of(e.page.first)},
                      {"after_some_training", json_of(e.page.later)}};
    json["range_test"] = {{"rates", e.page.rates.rates},
                          {"losses", e.page.rates.losses},
                          {"suggestion", e.page.rates.suggestion}};
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
    Examination e =
        Progress("examining", o.quiet).during([&] { return examine(patient_of(o, data), o, data.set); });
    const std::string title = "The doctor looks at " + std::string(exercise) + ": " + o.net_text() +
                              text(", seed %llu", static_cast<unsigned long long>(o.seed));
    e.page.title = title;
    e.page.loss_label = o.error_label();
    e.page.learning_rate = o.optimizer.learning_rate;
    print(e, title, output);
    RunFolder folder(o.out, o.plot_format);
    folder.write("doctor.json",
                 json_of(exercise, o, e).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    draw_doctor_page(folder.pictures, e.page);
    folder.print(output);
    const bool ill = std::ranges::count(e.findings, Verdict::wrong, &Finding::verdict) > 0;
    return ill ? Outcome::criterion_missed : Outcome::criterion_held;
}

}  // namespace hourglass
