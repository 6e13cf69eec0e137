#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "variational/variational.hpp"

namespace hourglass::variational {
namespace {

constexpr const char* usage =
    R"(Exercise 4: a variational autoencoder, whose latent space can be drawn from, beside a plain one.

  ./lab variational                      the 32 letters, with a plane of codes to look at
  ./lab variational --images data/emoji  new faces, from 60; or a folder of your own
  ./lab variational --study beta         how beta trades the reconstruction for the KL divergence

Exit status: 0 the criterion that the report names held with every seed (in a study, for a variant), 1 not
so, 2 bad input or diverged, 130 Ctrl-C.

)";

Options defaults(bool of_letters) {
    Options o;
    o.beta = of_letters ? 1 : 7;
    o.optimizer.learning_rate = of_letters ? 0.003 : 0.001;
    o.widths = of_letters ? std::vector<std::size_t>{glyph_pixels, 64, 32, 2}
                          : std::vector<std::size_t>{24 * 24 * 3, 512, 128, 12};
    o.activations.hidden = {of_letters ? Activation::Kind::tanh : Activation::Kind::leaky_relu};
    o.batch_size = of_letters ? 32 : 20;
    o.epochs = of_letters ? 20'000 : 1000;
    o.sample = of_letters ? "letter" : "image";
    o.draws = true;
    o.studies = {{"beta", {"beta"}, {"0.01", "0.1", "0.5", "1", "2", "4", "8"}}};
    add_usual_studies(o);
    o.out = "out/variational";
    return o;
}

void add_options(CommandLine& line, Options& o) {
    const Options images = defaults(false);
    add_font_option(line, o);
    line.add_text("images", "DIR",
                  "In place of letters: a folder of JPEG or PNG images. The defaults are then those of" +
                      text(" --beta %g --learning-rate %g --batch-size %zu --epochs %d", *images.beta,
                           images.optimizer.learning_rate, images.batch_size, images.epochs) +
                      " --activation leaky_relu, and the widths 512,128,12 behind the pixels.",
                  o.folder);
    line.add_count("size", "The side that images are scaled to, in pixels.", {2, 512}, o.size);
    line.add_switch("gray", "Read images in gray, not in colour.", o.gray);
    line.add_switch("animate", "Also draw the codes while they form, as forming.gif.", o.animate);
    add_decode_option(line, o);
    add_training_options(line, o);
}

void read_samples(Options& o) {
    o.X = o.font.pixels();
    o.names = o.font.names();
    o.shape = glyph_shape(o.font);
    if (o.folder.empty()) {
        return;
    }
    o.images = read_image_folder(expand_home(o.folder), o.size, o.gray ? 1 : 3);
    o.X = o.images->X;
    o.names = o.images->names;
    o.shape = {o.size, o.size, false, -1, o.images->channels};
    o.samples = text("%zu images of ", o.X.rows()) + o.folder;
    if (entropy_of_rows(o.X) == 0) {
        throw Error(o.folder + ": expected at least 2 images that differ, found 1");
    }
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv) {
    Options o = defaults(true);
    CommandLine first(usage);  // letters or images: that says what the defaults of the other options are
    add_options(first, o);
    if (!first.parse(argc, argv)) {
        return std::nullopt;
    }
    o = defaults(o.folder.empty());
    CommandLine line(usage);
    add_options(line, o);
    line.parse(argc, argv);
    o.folder.empty() ? line.refuse({"size", "gray"}, "letters") : line.refuse({"font"}, "--images");
    read_samples(o);
    check_training_options(line, o, o.X.cols());
    return o;
}

}  // namespace hourglass::variational
