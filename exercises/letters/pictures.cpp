#include "common/pictures.hpp"

#include "hourglass/plot/letter_pictures.hpp"
#include "letters/letters.hpp"

namespace hourglass::letters {
void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"decoded", "latent", "new_letter", "attractors", "seeds", "forming"});
    Pictures& pictures = folder.pictures;
    const std::vector<std::string> names = o.font.names();
    const PictureShape shape = glyph_shape(o.font);
    draw_error(pictures, o, r.run, {wrong_pixels_chart(r.run.pixels)});
    draw_reconstructed_letters(pictures, o.font, r.Y);
    draw_transitions(pictures, r.run.model, r.X, names, o.transitions, 11, shape,
                     "the nearest letter, and the pixels it is away from it", [&](std::span<const Scalar> image) {
                         const auto [i, distance] = nearest_sample(image, r.X);
                         return names[i] + (distance > 0 ? " +" + std::to_string(distance) : "");
                     });
    if (!r.decoded.empty()) {
        draw_decoded_samples(pictures, r.decoded, r.X, names, shape);
    }
    if (r.attractors) {
        draw_latent_plane(pictures, r.run.model, r.X, names, shape, *r.attractors);
        draw_new_samples(pictures, r.new_letters, r.X, names, shape);
    }
    if (r.runs.size() > 1 && !r.summary.error.values.empty()) {
        draw_seeds(pictures, o, r.summary.error, r.summary.seeds, r.summary.diverged);
    }
    draw_forming(pictures, r.run, "The latent space while it forms", names);
}

}  // namespace hourglass::letters
