#include "common/json.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/markdown.hpp"
#include "hourglass/io/process.hpp"
#include "hourglass/io/summary.hpp"

namespace hourglass {

void add_options(Json& results, const TrainingOptions& o) {
    results.update({{"seed", o.seed}, {"seeds", o.seeds}});
    if (!o.untrained) {
        results.update({{"activation", name_of(o.activations.hidden)},
                        {"latent_activation", name_of(o.activations.latent)},
                        {"output_activation", name_of(o.activations.output)}});
    }
    results.update(
        {{"loss", name_of(o.loss)}, {"optimizer", o.optimizer.name}, {"learning_rate", o.optimizer.learning_rate}});
    if (o.optimizer.name == "sgd") {
        results.update({{"momentum", o.optimizer.momentum}, {"nesterov", o.optimizer.nesterov}});
    }
    if (o.optimizer.name == "adam") {
        results.update({{"beta1", o.optimizer.beta1}, {"beta2", o.optimizer.beta2}});
    }
    if (o.beta) {
        results["beta"] = *o.beta;
    }
    results["schedule"] = name_of(o.schedule.kind);
    if (o.schedule.kind == Schedule::Kind::step) {
        results.update({{"step_epochs", o.schedule.step_epochs}, {"step_factor", o.schedule.step_factor}});
    }
    if (!o.start) {
        results["initialization"] = name_of(o.initialization);
    } else {
        results.update({{"load", o.load.string()}, {"epochs_before", o.start->epoch}});
    }
    results.update({{"batch_size", o.batch_size}, {"epochs", o.epochs}, {"threads", o.threads}});
}

void add_training(Json& results, const TrainingOptions& o, const Trained& run) {
    add_options(results, o);
    results.update({{"seed", run.seed},
                    {"layers", run.model.widths()},
                    {"parameters", run.model.parameter_count()},
                    {"epochs", run.epochs()},
                    {"seconds", run.seconds}});
    if (o.untrained) {
        results.update({{"layers", layer_texts(run.model)}, {"latent_layer", run.model.latent_layer()}});
    }
    if (o.epochs > 0) {
        results["memory"] = {{"parameters", run.memory.parameters},
                             {"workspace", run.memory.workspace},
                             {"data", run.memory.data},
                             {"process_peak", process_peak_bytes()}};
    }
}

Json by_name(const std::vector<std::string>& names, const Json& values) {
    Json json = Json::object();
    for (std::size_t i = 0; i < names.size(); ++i) {
        json[names[i]] = values[i];
    }
    return json;
}

void write_results(RunFolder& folder, const Json& results) {
    folder.write("results.json", results.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void save_first(const TrainingOptions& options, const Trained& run) {
    if (!run.failure.empty()) {
        throw Error(run.failure);
    }
    if (options.epochs > 0) {
        RunFolder(options.out, options.plot_format)
            .write_model(run.as_trained(), run.seed, run.model_epoch(), run.metadata);
    }
}

void write_training(RunFolder& folder, const TrainingOptions& options, const Trained& run,
                    const std::vector<EpochColumn>& columns) {
    if (options.epochs == 0) {
        return;
    }
    folder.write_model(run.as_trained(), run.seed, run.model_epoch(), run.metadata);
    std::string header = "epoch,error,learning_rate";
    for (const EpochColumn& column : columns) {
        header += "," + column.name;
    }
    CsvTable table(header);
    for (std::size_t e = 0; e < run.epochs(); ++e) {
        const int epoch = static_cast<int>(e) + 1;
        std::vector<double> row = {
            static_cast<double>(epoch), run.errors[e],
            scheduled_learning_rate(options.schedule, options.optimizer.learning_rate, epoch, options.epochs)};
        for (const EpochColumn& column : columns) {
            row.push_back(column.values[e]);
        }
        table.add(row);
    }
    folder.write("error.csv", table.text());
}

void finish_report(RunFolder& folder, const TrainingOptions& options, std::ostream& output,
                   const std::function<void(std::ostream&)>& print, const std::function<void()>& draw) {
    std::ostringstream report;
    print(report);
    output << report.str() << std::flush;
    Progress progress("drawing the pictures", options.quiet);
    draw();
    progress.clear();
    std::string page = markdown_of_report(report.str()) + "\n## Options\n\n| option | value |\n|---|---|\n";
    Json values;
    add_options(values, options);
    for (const auto& [name, value] : values.items()) {
        page += "| " + escaped_markdown(name) + " | " +
                escaped_markdown(value.is_string() ? value.get<std::string>() : value.dump()) + " |\n";
    }
    page += folder.pictures.names().empty() ? "" : "\n## Pictures\n";
    for (const std::string& picture : folder.pictures.names()) {
        page += "\n![" + escaped_markdown(picture) + "](" + picture + ")\n";
    }
    folder.write("report.md", page);
    folder.print(output);
}

}  // namespace hourglass
