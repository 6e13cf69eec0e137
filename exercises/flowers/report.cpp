#include <algorithm>

#include "flowers/flowers.hpp"

namespace hourglass::flowers {

void print_report(const Options& o, const Result& r, std::ostream& output) {
    output << "Exercise 2: " << o.images.size() << " photographs of " << side << "x" << side << " gray pixels through "
           << r.run.model.latent_size() << " numbers\n";
    print_run(o, r.run, output);
    print_images(o.images, output);
    output << text("\nCriterion: a mean squared error of at most %g\n", criterion);
    print_verdict(r.run, r.run.learned(), output, text(": %.3g", r.run.mse));
    output << text(
        "\nMean squared error, of pixels in [-1, 1]\n  mean image (no latent at all)  %.4f\n"
        "  PCA with %zu components         %.4f\n  this network                   %.4f\n",
        r.mean_image, r.run.model.latent_size(), r.pca, r.run.mse);
    const auto worst = std::ranges::max_element(r.errors) - r.errors.begin();
    output << text("  its worst image                %.4f (%s)\n", std::ranges::max(r.errors),
                   o.images.label(static_cast<std::size_t>(worst)).c_str());
    if (!r.new_flowers.empty()) {
        const HalfWaySample& flower = r.new_flowers.front();
        output << text("\nA new flower, half-way between %s and %s: %.3f from the nearest photograph, %s\n",
                       o.images.label(flower.first).c_str(), o.images.label(flower.second).c_str(), flower.distance,
                       o.images.label(flower.nearest).c_str());
    }
}

}  // namespace hourglass::flowers
