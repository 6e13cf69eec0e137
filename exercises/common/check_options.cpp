#include <algorithm>
#include <cmath>
#include <limits>

#include "common/study.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/io/summary.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {
namespace {

/// @throws Error  if an option was given that is of no use to another one
void refuse_unused(const CommandLine& line, const TrainingOptions& o) {
    if (o.optimizer.name != "sgd") {
        line.refuse({"momentum", "nesterov"}, o.optimizer.name);
    }
    if (o.optimizer.name != "adam") {
        line.refuse({"beta1", "beta2"}, o.optimizer.name);
    }
    if (o.optimizer.momentum == 0) {
        line.refuse({"nesterov"}, "sgd without --momentum");
    }
    if (o.schedule.kind != Schedule::Kind::step) {
        line.refuse({"step-epochs", "step-factor"}, "the " + std::string(name_of(o.schedule.kind)) + " schedule");
    }
    if (!o.study.empty()) {
        line.refuse({"load", "live", "trace", "animate", "transition", "flower", "decode", "map", "map-of-pixels"},
                    "--study " + o.study);
        line.refuse(std::ranges::find(o.studies, o.study, &Study::name)->options, "--study " + o.study);
    } else {
        line.refuse({"variant"}, "a run that is no --study");
    }
    if (o.doctor) {
        line.refuse({"study", "load", "seeds", "live", "trace", "animate", "transition", "flower", "decode"},
                    "--doctor");
    }
    if (o.seeds > 1) {
        line.refuse({"load", "live", "trace"}, "several --seeds");
    }
    if (o.epochs == 0) {
        line.refuse({"loss", "batch-size", "optimizer", "learning-rate", "schedule", "step-epochs", "step-factor",
                     "momentum", "nesterov", "beta1", "beta2", "live", "trace", "animate", "sets", "fixed-noise"},
                    "--epochs 0, which trains nothing");
        if (!o.draws) {
            line.refuse({"seed"}, "--epochs 0, which trains nothing");
        }
    }
}

/// "dense(784,64) relu (the code), dense(64,784) sigmoid"
std::string layers_text(const Autoencoder& model) {
    std::vector<std::string> layers = layer_texts(model);
    layers[model.latent_layer() - 1] += " (the code)";
    return listed(layers);
}

void require_same_layers(const std::string& file, const Autoencoder& found, const Autoencoder& expected) {
    if (layers_text(found) != layers_text(expected)) {
        throw Error(file + ": expected a model of " + layers_text(expected) + ", found one of " + layers_text(found));
    }
}

/// The encoder's widths of a model; of a variational one without those of the means and variances.
/// @throws Error  if the options want the other kind
std::vector<std::size_t> encoder_widths(const Autoencoder& model, const TrainingOptions& o) {
    const bool is_variational = dynamic_cast<const Sampling*>(&model.layer(model.latent_layer())) != nullptr;
    std::vector<std::size_t> widths = model.widths();
    widths.resize(model.latent_layer() + 1);
    if (is_variational != o.beta.has_value() || (is_variational && widths.size() < 3)) {
        throw Error(o.load.string() + (o.beta
                                           ? ": expected a variational autoencoder, found one without a sampling layer"
                                           : ": expected a plain autoencoder, found a variational one"));
    }
    if (is_variational) {
        widths.erase(widths.end() - 2);
    }
    return widths;
}

/// The widths, activations and beta of the model that --load names take the place of the options.
void adopt_model(const CommandLine& line, TrainingOptions& o) {
    o.start = load_model(o.load);
    const Autoencoder& model = o.start->model;
    if (o.start->epoch > std::numeric_limits<int>::max() - o.epochs) {
        throw Error(o.load.string() + ": has too many epochs to go on from: " + std::to_string(o.start->epoch));
    }
    if (o.untrained) {
        return require_same_layers(o.load.string(), model, *o.untrained);
    }
    const std::vector<std::size_t> widths = encoder_widths(model, o);
    if (widths.front() != o.widths.front()) {
        throw Error(o.load.string() + ": expected a model of " + std::to_string(o.widths.front()) + " " + o.numbers() +
                    ", found one of " + std::to_string(widths.front()));
    }
    if (model.widths() != (o.beta ? variational_autoencoder(widths, 1) : mirrored_autoencoder(widths)).widths()) {
        throw Error(o.load.string() + ": expected a decoder that mirrors the encoder, found widths " +
                    widths_text(model.widths()));
    }
    if (line.given("layers") && widths != o.widths) {
        throw Error(o.load.string() + ": is a model of " + widths_text(widths) + ", but --layers says " +
                    widths_text(o.widths));
    }
    line.refuse({"activation", "latent-activation", "output-activation", "init", "beta"},
                "a model that --load names, which comes with its own");
    o.widths = widths;
    std::size_t coding = model.latent_layer();  // the dense layer that gives the code, or its distribution
    if (o.beta) {
        o.beta = model.as<Sampling>(coding--).beta;
    }
    o.activations = {model.layer(1).activation, model.layer(coding).activation, model.layer(model.depth()).activation};
}

/// --decode as codes (m, latent size).
Matrix read_codes(const TrainingOptions& o) {
    const std::size_t size = o.widths.back();
    Matrix codes(o.decode.size(), size);
    for (std::size_t i = 0; i < codes.rows(); ++i) {
        const std::vector<double> code = parse_numbers("decode", o.decode[i]);
        if (code.size() != size) {
            throw Error("--decode: expected a code of " + std::to_string(size) + " numbers, got " +
                        std::to_string(code.size()) + " in '" + o.decode[i] + "'");
        }
        std::ranges::copy(code, codes.row(i).begin());
    }
    return codes;
}

/// Sees that there is a study of that name, or of the option that it varies, and gives it the variants.
void choose_study(TrainingOptions& o) {
    auto study = std::ranges::find(o.studies, o.study, &Study::name);
    if (study == o.studies.end()) {
        study = std::ranges::find_if(
            o.studies, [&](const Study& s) { return !s.options.empty() && o.study == s.options.front(); });
    }
    if (study == o.studies.end()) {
        throw Error("--study: expected " + study_names(o) + ", got '" + o.study + "'");
    }
    o.study = study->name;
    for (std::string& value : study->values) {
        if (study->name == "architectures") {  // of samples with another number of pixels
            value.replace(0, value.find(','), std::to_string(o.widths.front()));
        }
    }
    study->values = o.variants.empty() ? study->values : o.variants;
}

void check_beta(const TrainingOptions& o) {
    if (o.beta && !(*o.beta >= 0 && std::isfinite(*o.beta))) {
        throw Error("--beta: expected a number of at least 0, got " + to_text(*o.beta));
    }
}

/// A list of layers takes the place of the widths and activations that an exercise has.
void take_list(const CommandLine& line, TrainingOptions& o) {
    line.refuse({"activation", "latent-activation", "output-activation", "study"},
                "a list of --layers, which says its own");
    make_untrained(o, true);
    const Autoencoder& model = *o.untrained;
    o.widths = {o.input.size(), model.layer(model.latent_layer()).out()};
    o.activations = {model.layer(1).activation, model.layer(model.latent_layer()).activation,
                     model.layer(model.depth()).activation};
}

}  // namespace

void check_values(const TrainingOptions& o, std::size_t pixels) {
    if (o.widths.front() != pixels) {
        throw Error("--layers: expected the first width to be the " + std::to_string(pixels) + " " + o.numbers() +
                    " of a sample, got " + std::to_string(o.widths.front()));
    }
    check_beta(o);
    if (o.beta && !o.untrained && o.loss != Loss::cross_entropy) {  // a list says a beta in the unit of its loss
        throw Error("--loss: expected cross_entropy, which is in nats as the KL divergence is, got " +
                    std::string(name_of(o.loss)));
    }
    make_optimizer({}, o.optimizer);  // for its complaints
    if (!(o.schedule.step_factor > 0) || !std::isfinite(o.schedule.step_factor)) {
        throw Error("--step-factor: expected a positive number, got " + to_text(o.schedule.step_factor));
    }
    const Activation::Kind output = o.activations.output.kind;
    using Kind = Activation::Kind;
    if (output != Kind::tanh && output != Kind::identity && output != Kind::sigmoid) {
        throw Error((o.start ? o.load.string() : "--output-activation") +
                    ": expected an output of tanh or identity, for pixels in [-1, 1], or of sigmoid, for pixels in "
                    "[0, 1], got " +
                    name_of(o.activations.output));
    }
    require_compatible(o.loss,
                       o.untrained ? o.untrained->layer(o.untrained->depth()).activation : o.activations.output);
}

void check_training_options(const CommandLine& line, TrainingOptions& o, std::size_t pixels) {
    check_beta(o);  // before a list of layers, which may have it, is read
    if (!o.encoder.empty() && o.widths.size() > 1) {
        take_list(line, o);
    } else if (!o.encoder.empty()) {
        make_untrained(o, o.decoder.empty() || (o.classes == 0 && line.given("layers") && !line.given("decoder")));
        if (const std::size_t out = o.classes > 0 ? o.classes : pixels; o.untrained->out() != out) {
            throw Error("--decoder: expected " + std::to_string(out) + " numbers to come out, got " +
                        std::to_string(o.untrained->out()));
        }
    }
    if (!o.encoder.empty() || !line.given("layers")) {
        o.widths.front() = pixels;
    }
    check_values(o, pixels);
    Pictures(o.out, o.plot_format);  // for its complaints
    if (o.out.empty()) {
        throw Error("--out: expected the name of a folder, got nothing");
    }
    if (line.given("study")) {
        choose_study(o);
    }
    refuse_unused(line, o);
    if (!o.load.empty()) {
        adopt_model(line, o);
        check_values(o, pixels);
    } else if (o.epochs == 0) {
        throw Error("--epochs: expected at least 1, got 0 (only with --load is there a model to report)");
    }
    o.codes = read_codes(o);
    if (!o.study.empty()) {
        variants_of(o);  // for its complaints
        o.seeds = line.given("seeds") ? o.seeds : o.study_seeds;
    }
    if (o.animate && o.widths.back() < 2) {
        throw Error("--animate: expected a latent size of at least 2");
    }
}

}  // namespace hourglass
