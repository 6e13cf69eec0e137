#include "common/table_options.hpp"

#include <limits>
#include <vector>

#include "hourglass/core/error.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/model_file.hpp"
#include "hourglass/io/scaling_text.hpp"

namespace hourglass {
namespace {

void refuse_unused_table_options(const CommandLine& line, TableKind kind) {
    const std::vector<std::pair<const char*, std::vector<const char*>>> unused = {
        {"a csv", {"labels", "size", "gray"}},
        {"a .npy file", {"label", "columns", "ignore", "header", "delimiter", "size", "gray"}},
        {"an IDX file", {"label", "columns", "ignore", "header", "delimiter", "missing", "size", "gray"}},
        {"a folder of images", {"label", "columns", "ignore", "header", "delimiter", "missing", "labels"}}};
    const auto& [user, options] = unused[static_cast<std::size_t>(kind)];
    line.refuse(options, user);
}

}  // namespace

void add_table_options(CommandLine& line, TableSource& source) {
    TableOptions& o = source.options;
    line.add_positional("file", "FILE", "The data: a csv, .npy or IDX file, or a folder of images.", source.file);
    line.add_text("label", "COLUMN", "csv: the classes of the rows, which the net does not see.", o.label);
    line.add_list("columns", "COLUMN", "csv: use this one, by name or number; may be given several times.", o.columns);
    line.add_list("ignore", "COLUMN", "csv: leave this one out; may be given several times.", o.ignored);
    line.add_text("header", "X", "csv: has it a line of names, yes or no? auto finds out.", source.header);
    line.add_text("delimiter", "C", "csv: what stands between values, or tab; by default it is found out.",
                  o.delimiter);
    line.add_choice("missing",
                    "csv, npy: where a value is missing, refuse the file, put the mean there or drop the row.",
                    o.missing, missing_from_name);
    line.add_text("labels", "FILE", "npy, IDX: the file of the classes of the rows, one number each.", "",
                  [&o](const std::string& text) { o.labels = expand_home(text); });
    line.add_count("size", "Images: the side that they are scaled to, in pixels (usually 32).", {2, 512}, o.size,
                   false);
    line.add_switch("gray", "Images: read them in gray, not in colour.", o.gray);
}

Table read_table(const CommandLine& line, const TableSource& source, const std::optional<SavedScaling>& model) {
    if (source.file.empty()) {
        throw Error("expected a FILE or a FOLDER, such as data/iris/iris.csv; see --help");
    }
    const std::filesystem::path file = expand_home(source.file);
    const TableKind kind = table_kind(file);
    refuse_unused_table_options(line, kind);
    TableOptions options = source.options;
    options.delimiter = options.delimiter == "tab" ? "\t" : options.delimiter;
    if (options.delimiter.size() > 1) {
        throw Error("--delimiter: expected one character, or tab, got '" + options.delimiter + "'");
    }
    if (source.header != "auto" && source.header != "yes" && source.header != "no") {
        throw Error("--header: expected yes, no or auto, got '" + source.header + "'");
    }
    options.header = source.header == "auto" ? std::nullopt : std::optional(source.header == "yes");
    if (model && kind == TableKind::csv) {
        options.columns = model->columns;
    } else if (model) {
        options.size = model->side;
        options.gray = model->channels == 1;
    }
    Table table = read_table(file, options);
    if (model && table.X.cols() != model->columns.size()) {
        throw Error(file.string() + ": expected " + std::to_string(model->columns.size()) +
                    " columns, as the model was trained on, found " + std::to_string(table.X.cols()));
    }
    return table;
}

SavedScaling load_scaling(const std::filesystem::path& model) {
    const SavedModel saved = load_model(model);
    const auto scaling = saved.metadata.find("scaling");
    if (scaling == saved.metadata.end()) {
        throw Error(model.string() + ": expected a model of ./lab data, found one without a scaling of columns");
    }
    try {
        return parse_scaling(scaling->second, saved.model.in());
    } catch (const Error& error) {
        throw Error(model.string() + ": " + error.what());
    }
}

void check_output(const TrainingOptions& options, const Matrix& X) {
    const Activation::Kind output = options.activations.output.kind;
    constexpr auto one = 1 + 8 * std::numeric_limits<Scalar>::epsilon();  // scaling a limit rounds it
    const bool fits = output == Activation::Kind::tanh && max_abs(X.flat()) <= one;
    if (output != Activation::Kind::identity && !fits) {
        throw Error(
            "--output-activation: expected identity, or tanh where --scaling range makes values from -1 to 1, got " +
            name_of(options.activations.output));
    }
}

}  // namespace hourglass
