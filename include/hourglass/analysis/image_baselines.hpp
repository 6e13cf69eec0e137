#pragma once

#include "hourglass/data/idx.hpp"

namespace hourglass {

// What the mean image of a training set is worth on a test set: what a net has to beat.

/// The mean squared error where each test image is taken for the mean of the training images.
double mean_image_error(const LabelledImages& train, const LabelledImages& test);

/// -ln p of a test image, in nats, where the mean training image says how probably a pixel is white. The prior counts
/// one white and one black pixel more, so that no probability is 0.
///   -sum_j x_j ln p_j + (1 - x_j) ln (1 - p_j)
double mean_image_nats(const LabelledImages& train, const LabelledImages& test);

/// The same with a mean image for each class, and ln 10 nats to say which class it is.
double class_mean_nats(const LabelledImages& train, const LabelledImages& test);

}  // namespace hourglass
