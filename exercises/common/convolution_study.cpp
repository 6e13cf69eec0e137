#include "common/convolution_study.hpp"

#include <algorithm>

namespace hourglass {

std::string conv_text(const std::string& arguments, bool has_batch_norm) {
    return "conv(" + arguments + (has_batch_norm ? ",same,no_bias), batch_norm relu" : ",same) relu");
}

std::string layers_of(const ConvolutionalEncoder& encoder, const std::string& pooling) {
    std::string list;
    for (const std::size_t filters : encoder.filters) {
        const std::string conv = std::to_string(filters) + "," + encoder.size;
        list += (list.empty() ? "" : ", ") +
                (pooling.empty() ? conv_text(conv + ",s2", encoder.has_batch_norm)
                                 : conv_text(conv, encoder.has_batch_norm) + ", " + pooling + "(2x2,s2)");
    }
    return list + encoder.code;
}

std::vector<Study> convolution_studies(const ConvolutionalEncoder& encoder, const std::vector<std::string>& sizes,
                                       const std::vector<std::string>& layers) {
    Study filters = {"filters", {"layers"}, {}}, kernels = {"kernels", {"layers"}, {}};
    for (const std::size_t fourths : {1u, 2u, 4u, 8u}) {
        ConvolutionalEncoder variant = encoder;
        std::ranges::transform(encoder.filters, variant.filters.begin(),
                               [&](std::size_t count) { return std::max<std::size_t>(1, count * fourths / 4); });
        filters.values.push_back(widths_text(variant.filters, ", ") + " filters: " + layers_of(variant));
    }
    for (const std::string& size : sizes) {
        kernels.values.push_back(size + ": " +
                                 layers_of({encoder.filters, size, encoder.code, encoder.has_batch_norm}));
    }
    const Study pooling = {
        "pooling",
        {"layers"},
        {"stride 2, no pooling: " + layers_of(encoder), "max pooling: " + layers_of(encoder, "max_pool"),
         "average pooling: " + layers_of(encoder, "average_pool")}};
    return {filters, kernels, {"layers", {"layers"}, layers}, pooling};
}

Line error_over_time(const Variant& variant, const Trained& run, const std::vector<double>& errors) {
    Line line{variant.name + text(", %zu parameters", variant.parameters), {}, errors};
    for (std::size_t e = 1; e <= errors.size(); ++e) {
        line.x.push_back(run.seconds * static_cast<double>(e) / static_cast<double>(errors.size()));
    }
    return line;
}

void draw_over_time(Pictures& pictures, const TrainingOptions& base, const std::string& title,
                    const std::string& y_label, const std::vector<Line>& lines) {
    draw_lines(pictures, base.study + "_time", {.title = title, .x_label = "seconds of training", .y_label = y_label},
               lines);
}

}  // namespace hourglass
