#pragma once

#include "hourglass/data/idx.hpp"

namespace hourglass {

/// What a network is shown of labelled images, and what it is to answer: the images themselves, or their classes.
struct Examples {
    const LabelledImages& images;     // must outlive this object
    Matrix noisy = {}, classes = {};  // in place of the images, where they are not empty

    const Matrix& X() const { return noisy.empty() ? images.X : noisy; }
    const Matrix& T() const { return classes.empty() ? images.X : classes; }
};

/// Images with gaussian noise of this standard deviation, clipped to [0, 1]; to be answered with the clean ones.
Examples noisy_examples(const LabelledImages& images, double noise, std::uint64_t seed);

/// Images to be answered with their classes, as one_hot has them.
Examples class_examples(const LabelledImages& images);

}  // namespace hourglass
