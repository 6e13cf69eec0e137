#pragma once

#include <string>
#include <vector>

#include "common/study.hpp"

// Studies of what a convolutional encoder needs; the decoder mirrors each.

namespace hourglass {

/// "conv(16,3x3,s2,same) relu" of "16,3x3,s2"; normed, "conv(16,3x3,s2,same,no_bias), batch_norm relu".
std::string conv_text(const std::string& arguments, bool has_batch_norm = false);

/// What is varied: convolutions one after the other, each halving the image.
struct ConvolutionalEncoder {
    std::vector<std::size_t> filters;  // of each
    std::string size;                  // of their windows, "3x3"
    std::string code = "";             // what comes after them, ", dense(2)"
    bool has_batch_norm = false;       // after each, before its ReLU
};

/// Its list of layers. With a pooling, "max_pool" or "average_pool", that halves the image in place of the stride.
std::string layers_of(const ConvolutionalEncoder& encoder, const std::string& pooling = "");

/// Four studies: `filters`, a quarter to twice as many; `kernels`, windows of these sizes; `layers`, these encoders, each
/// as "NAME: LIST"; `pooling`.
std::vector<Study> convolution_studies(const ConvolutionalEncoder& encoder, const std::vector<std::string>& sizes,
                                       const std::vector<std::string>& layers);

/// For the chart of what comes soonest: an error after each epoch, over the seconds that training took until then.
Line error_over_time(const Variant& variant, const Trained& run, const std::vector<double>& errors);

/// STUDY_time: that chart.
void draw_over_time(Pictures& pictures, const TrainingOptions& base, const std::string& title,
                    const std::string& y_label, const std::vector<Line>& lines);

}  // namespace hourglass
