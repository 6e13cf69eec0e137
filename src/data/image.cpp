#include "hourglass/data/image.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <span>
#include <vector>

#include "exif.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "image_decoder.hpp"
#include "image_kind.hpp"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

File open_image(const fs::path& path, const std::string& file) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        throw Error(file + ": expected a JPEG or PNG file, found " +
                    (fs::is_directory(status) ? "a folder" : "no regular file"));
    }
    File input(std::fopen(path.c_str(), "rb"));
    if (!input) {
        throw Error(file + ": cannot be opened; expected a JPEG or PNG file");
    }
    return input;
}

ImageKind kind_of(std::FILE* input, const std::string& file) {
    std::string start(kind_bytes, '\0');
    start.resize(std::fread(start.data(), 1, start.size(), input));
    std::rewind(input);
    const ImageKind kind = image_kind(start);
    if (kind == ImageKind::other) {
        throw Error(file + ": expected a JPEG or PNG file, found " + other_kind(start));
    }
    return kind;
}

// `from` pixels and `to` pixels lie along the same line, which is from * to units long: how many
// units source pixel k and target pixel i have in common.
double overlap(std::size_t k, std::size_t from, std::size_t i, std::size_t to) {
    return static_cast<double>(std::min((k + 1) * to, (i + 1) * from) - std::max(k * to, i * from));
}

// mean_ic = sum_k overlap_ki source_kc / from, without the division: (side * channels)
void average(std::vector<double>& sums, std::span<const double> source, std::size_t channels) {
    const std::size_t from = source.size() / channels;
    const std::size_t to = sums.size() / channels;
    std::ranges::fill(sums, 0);
    for (std::size_t i = 0; i < to; ++i) {
        for (std::size_t k = i * from / to; k * to < (i + 1) * from; ++k) {
            for (std::size_t c = 0; c < channels; ++c) {
                sums[i * channels + c] += overlap(k, from, i, to) * source[k * channels + c];
            }
        }
    }
}

// The square in the middle of an image as it is stored. To be seen, an odd difference drops one more
// at the right or bottom: where that side is stored first, it is the left or top one here.
struct Crop {
    std::size_t size, left, top;

    Crop(std::size_t width, std::size_t height, const Orientation& o)
        : size(std::min(width, height)),
          left((width - size + (o.columns_reversed ? 1 : 0)) / 2),
          top((height - size + (o.rows_reversed ? 1 : 0)) / 2) {}
};

// The sum of each part of the square, weighted by area: (side * side * channels), as the rows are stored.
std::vector<double> sums_of(ImageDecoder& decoder, const Crop& crop, std::size_t side, std::size_t channels) {
    std::vector<double> values(decoder.width() * channels);
    std::vector<double> row(side * channels);        // row_i = sum_k overlap_ki value_k
    std::vector<double> sums(side * row.size(), 0);  // sum_ji = sum_y overlap_yj row_i
    while (const auto stored = decoder.next_row(values)) {
        if (*stored < crop.top || *stored >= crop.top + crop.size) {
            continue;
        }
        const std::size_t y = *stored - crop.top;
        average(row, std::span(values).subspan(crop.left * channels, crop.size * channels), channels);
        for (std::size_t j = y * side / crop.size; j * crop.size < (y + 1) * side; ++j) {
            const double weight = overlap(y, crop.size, j, side);
            for (std::size_t i = 0; i < row.size(); ++i) {
                sums[j * row.size() + i] += weight * row[i];
            }
        }
    }
    return sums;
}

}  // namespace

void require_size(std::size_t width, std::size_t height, const std::string& file) {
    if (width == 0 || height == 0 || std::max(width, height) > max_image_side ||
        width * height > max_image_pixels) {
        throw Error(file + ": expected an image of 1 to " + std::to_string(max_image_pixels) +
                    " pixels, at most " + std::to_string(max_image_side) + " a side, got " +
                    std::to_string(width) + " x " + std::to_string(height));
    }
}

Vector read_image(const fs::path& path, std::size_t side, std::size_t channels, StoredSize* stored) {
    assert(side > 0 && (channels == 1 || channels == 3));
    const std::string file = one_line(path.string());
    const File input = open_image(path, file);
    const bool is_jpeg = kind_of(input.get(), file) == ImageKind::jpeg;
    const Orientation o = is_jpeg ? jpeg_orientation(input.get()) : png_orientation(input.get());
    const auto decoder = is_jpeg ? decode_jpeg(input.get(), file) : decode_png(input.get(), file);
    const Crop crop(decoder->width(), decoder->height(), o);
    const std::vector<double> sums = sums_of(*decoder, crop, side, channels);
    if (stored) {
        *stored = {o.transposed ? decoder->height() : decoder->width(),
                   o.transposed ? decoder->width() : decoder->height()};
    }
    Vector x(sums.size());
    const double area = static_cast<double>(crop.size) * static_cast<double>(crop.size);
    for (std::size_t r = 0; r < side; ++r) {
        for (std::size_t c = 0; c < side; ++c) {  // x_rc, stored at row j and column i
            const std::size_t j = o.transposed ? c : r;
            const std::size_t i = o.transposed ? r : c;
            const std::size_t from = (o.rows_reversed ? side - 1 - j : j) * side +
                                     (o.columns_reversed ? side - 1 - i : i);
            for (std::size_t k = 0; k < channels; ++k) {
                const double sum = sums[from * channels + k];
                x[(r * side + c) * channels + k] =
                    static_cast<Scalar>(std::clamp(2 * sum / area - 1, -1.0, 1.0));
            }
        }
    }
    return x;
}

}  // namespace hourglass
