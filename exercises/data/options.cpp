#include <algorithm>
#include <cmath>

#include "common/table_options.hpp"
#include "data/data.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass::data {
namespace {

constexpr const char* usage =
    R"(Exercise 6: data of your own, in a few numbers a row; beside PCA, and which rows are unusual.

  ./lab data data/iris/iris.csv --label species      150 flowers, 4 columns: what PCA is to an autoencoder
  ./lab data FILE.csv --ignore id --missing mean     a table; also .npy and IDX files, each gzipped or not
  ./lab data FOLDER --size 32                        images; subfolders are their classes
  ./lab data --apply model.safetensors FILE.csv      new rows through a model that was trained before

Exit status: 0 the error of the rows held out, or of all where none are, is no larger than that of PCA with as
many numbers (in a study, for a variant), 1 it is, 2 bad input or diverged, 130 Ctrl-C.

)";

/// What is read before the rows are there.
struct Texts {
    TableSource source;
    std::string apply;
    double held_out = -1;  // by default it depends on the rows
    Scaling::Kind scaling = Scaling::Kind::standardize;
};

void add_options(CommandLine& line, Options& o, Texts& t) {
    add_table_options(line, t.source);
    line.add_choice("scaling", "Of columns, by the rows trained on: standardize, range (-1 to 1) or none; of pixels none.",
                    t.scaling, scaling_from_name);
    line.add_text("held-out", "X", "The share of the rows that is not trained on; by default 0.2, of fewer than 1000 rows 0.",
                  "", [&t](const std::string& text) { t.held_out = parse_numbers("held-out", text).front(); });
    line.add_count("patience", "Stop after N epochs without a smaller error of the rows held out.", {1, 1'000'000'000},
                   o.patience);
    line.add_text("leave-out", "CLASS", "Do not train on this class: does the error tell its rows?", o.left_out);
    line.add_text("apply", "MODEL", "Train nothing: take new rows through this model.safetensors.", t.apply);
    add_training_options(line, o);
}

/// What suits so many rows of so many columns.
Options defaults(std::size_t n, std::size_t d) {
    Options o;
    const auto code = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(d))));
    o.widths = {d, std::clamp<std::size_t>(2 * d, 8, 512), code};
    o.activations.output = {Activation::Kind::identity};
    o.loss = Loss::mean_squared_error;
    o.optimizer.learning_rate = d <= 16 ? 0.02 : d <= 256 ? 0.003 : 0.001;
    o.batch_size = n < 1000 ? 16 : n < 20'000 ? 64 : 256;
    const std::size_t steps = n < 1000 ? 50'000 : 20'000;
    o.epochs = static_cast<int>(std::clamp<std::size_t>(steps * o.batch_size / n, 10, 5000));
    o.patience = std::max(o.epochs / 5, 5);
    o.sample = "row";
    o.studies = {{"latent", {"layers"}, {}}};
    for (std::size_t k = 1; k <= std::min(2 * code, d); k *= 2) {
        o.studies.front().values.push_back(std::to_string(k));
    }
    add_usual_studies(o);
    o.out = "out/data";
    return o;
}

/// Splits and scales the rows.
void prepare(Options& o, Table table, const std::optional<SavedScaling>& saved, const Texts& t) {
    const bool few = table.rows() < 1000 && o.left_out.empty() && t.held_out < 0;
    const double share = few ? 0 : t.held_out < 0 ? 0.2 : t.held_out;
    if (!(share < 1)) {
        throw Error("--held-out: expected a share of less than 1, got " + text("%g", share));
    }
    if (few && !o.apply) {
        o.chosen.push_back("no rows are held out, for they are fewer than 1000: --held-out 0.2 does it");
    }
    const bool pixels = table.of_images() && t.scaling == Scaling::Kind::standardize;  // they have one unit
    Split split = o.apply ? Split{} : split_rows(table, share, o.left_out, o.seed);
    PreparedRows rows = prepare_rows(std::move(table), std::move(split), pixels ? Scaling::Kind::none : t.scaling, saved);
    const char* scaled[] = {"standardized columns", "columns from -1 to 1", "columns as they are"};
    o.unit = std::string("of ") + (pixels ? "pixels" : scaled[static_cast<std::size_t>(rows.saved.scaling.kind)]);
    o.rows = std::make_shared<const PreparedRows>(std::move(rows));
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv) {
    Options o = defaults(1, 1);
    Texts t;
    CommandLine first(usage);  // which rows: these say what the defaults of the other options are
    add_options(first, o, t);
    if (!first.parse(argc, argv)) {
        return std::nullopt;
    }
    const std::filesystem::path model = t.apply.empty() ? o.load : expand_home(t.apply);
    if (!t.apply.empty()) {
        first.refuse({"load", "layers", "activation", "latent-activation", "output-activation", "init", "columns", "ignore",
                      "size", "gray", "scaling", "held-out", "patience", "leave-out", "epochs", "seeds", "study"},
                     "--apply, which trains nothing");
    }
    const auto saved = model.empty() ? std::nullopt : std::optional(load_scaling(model));
    Table table = read_table(first, t.source, saved);
    const std::size_t n = table.rows(), d = table.X.cols();
    o = defaults(n, d);
    t = {};
    CommandLine line(usage);
    add_options(line, o, t);
    line.parse(argc, argv);
    o.file = t.source.file;
    o.samples = text("%zu rows of %zu columns of ", n, d) + o.file;
    o.apply = !t.apply.empty();
    o.load = model;
    o.epochs = o.apply ? 0 : o.epochs;
    if (!line.given("layers") && !saved) {
        o.chosen.push_back(text("layers for %zu columns: a code of the square root of that, before it twice as many, 8 to 512", d));
    }
    prepare(o, std::move(table), saved, t);
    check_output(o, o.rows->X);
    check_training_options(line, o, d);
    return o;
}

}  // namespace hourglass::data
