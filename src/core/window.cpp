#include "hourglass/core/window.hpp"

#include <algorithm>
#include <initializer_list>

#include "hourglass/core/error.hpp"

namespace hourglass {
namespace {

constexpr std::size_t most = std::size_t{1} << 31;  // so that no product of two sizes can overflow

std::string times(std::size_t rows, std::size_t cols) {
    return std::to_string(rows) + "x" + std::to_string(cols);
}

/// Throws unless all numbers are at least 1, and their product not beyond `most`.
void require_size(const std::string& what, std::initializer_list<std::size_t> numbers) {
    std::size_t product = 1;
    for (const std::size_t number : numbers) {
        if (number == 0) {
            throw Error(what + ": expected positive numbers, got a 0");
        }
        if (number > most / product) {
            throw Error(what + ": expected at most " + std::to_string(most) + " numbers in all");
        }
        product *= number;
    }
}

void require_stride(std::size_t stride) {
    if (stride == 0 || stride > most) {
        throw Error("a stride of " + std::to_string(stride) +
                    ": expected 1 or more, 1 to look at every place");
    }
}

/// Along one direction: how many places there are, and how wide the border is before the image.
struct Steps {
    std::size_t places;
    std::size_t before;
};

Steps steps(std::size_t image, std::size_t window, std::size_t stride, Window::Padding padding) {
    if (padding == Window::Padding::valid) {
        return {(image - window) / stride + 1, 0};
    }
    const std::size_t places = (image + stride - 1) / stride;
    const std::size_t reach = (places - 1) * stride + window;
    return {places, reach > image ? (reach - image) / 2 : 0};
}

}  // namespace

std::string ImageShape::text() const {
    return times(height, width) + "x" + std::to_string(channels);
}

Window::Window(const ImageShape& its_image, std::size_t its_rows, std::size_t its_cols,
               std::size_t its_stride, Padding its_padding)
    : image(its_image), rows(its_rows), cols(its_cols), stride(its_stride), padding(its_padding) {
    require_size("an image of " + image.text(), {image.height, image.width, image.channels});
    require_size("a window of " + times(rows, cols), {rows, cols});
    require_stride(stride);
    if (rows > image.height || cols > image.width) {
        throw Error("a window of " + times(rows, cols) + " is larger than its image of " + image.text() +
                    ": at most " + times(image.height, image.width) + " fits");
    }
    const Steps down = steps(image.height, rows, stride, padding);
    const Steps across = steps(image.width, cols, stride, padding);
    top = down.before;
    left = across.before;
    places_down = down.places;
    places_across = across.places;
}

std::size_t Window::position(std::size_t r, std::size_t k) const {
    const std::size_t channel = k % image.channels, pixel = k / image.channels;
    // Above and left of the image these wrap around, and are larger than it.
    const std::size_t y = r / places_across * stride + pixel / cols - top;
    const std::size_t x = r % places_across * stride + pixel % cols - left;
    return y < image.height && x < image.width ? image.at(y, x) + channel : image.size();
}

std::string Window::text() const {
    return times(rows, cols) + (stride == 1 ? "" : ",s" + std::to_string(stride)) +
           (padding == Padding::same ? ",same" : "");
}

Window transposed_window(const ImageShape& input, std::size_t channels, std::size_t rows, std::size_t cols,
                         std::size_t stride, Window::Padding padding) {
    require_size("an image of " + input.text(), {input.height, input.width, input.channels});
    require_stride(stride);
    const auto side = [&](std::size_t pixels, std::size_t window) {
        const std::size_t overhang =
            padding == Window::Padding::valid && window > stride ? window - stride : 0;
        return pixels * stride + overhang;
    };
    return {{side(input.height, rows), side(input.width, cols), channels}, rows, cols, stride, padding};
}

}  // namespace hourglass
