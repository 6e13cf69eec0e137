#include "hourglass/data/examples.hpp"

#include "hourglass/data/noise.hpp"

namespace hourglass {

Examples noisy_examples(const LabelledImages& images, double noise, std::uint64_t seed) {
    Examples examples{images};
    Rng rng(seed);
    add_noise(examples.noisy, images.X, {Noise::Kind::gaussian, noise}, rng);
    clip(examples.noisy, 0, 1);
    return examples;
}

Examples class_examples(const LabelledImages& images) {
    Examples examples{images};
    examples.classes = one_hot(images.labels, idx_classes);
    return examples;
}

}  // namespace hourglass
