#include "hourglass/data/image.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <string_view>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "image_decoder.hpp"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view jpeg_start = "\xff\xd8\xff";
constexpr std::string_view png_start = "\x89PNG\r\n\x1a\n";

std::string name_for_message(const fs::path& path) {
    return one_line(path.string());
}

// The bytes of an image file; of another file, no more than its first.
std::string read_if_image(const fs::path& path) {
    const std::string file = name_for_message(path);
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
        throw Error(file + ": cannot be opened; expected a JPEG or PNG file");
    }
    if (!fs::is_regular_file(status)) {
        throw Error(file + ": expected a JPEG or PNG file, found " +
                    (fs::is_directory(status) ? "a folder" : "no regular file"));
    }
    std::ifstream input(path, std::ios::binary);
    if (!input) {
        throw Error(file + ": cannot be opened; expected a JPEG or PNG file");
    }
    std::string bytes(png_start.size(), '\0');
    input.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(input.gcount()));
    if (bytes.starts_with(jpeg_start) || bytes.starts_with(png_start)) {
        bytes.append(std::istreambuf_iterator<char>(input), {});
    }
    return bytes;
}

std::unique_ptr<ImageDecoder> decode(std::string_view bytes, const std::string& file) {
    if (bytes.starts_with(jpeg_start)) {
        return decode_jpeg(bytes, file);
    }
    if (bytes.starts_with(png_start)) {
        return decode_png(bytes, file);
    }
    throw Error(file + (bytes.empty()
                            ? ": expected a JPEG or PNG file, found an empty file"
                            : ": expected a JPEG or PNG file, found neither by its first bytes"));
}

// `from` pixels and `to` pixels lie along the same line, which is from * to units long: how many
// units source pixel k and target pixel i have in common.
double overlap(std::size_t k, std::size_t from, std::size_t i, std::size_t to) {
    return static_cast<double>(std::min((k + 1) * to, (i + 1) * from) - std::max(k * to, i * from));
}

// mean_i = sum_k overlap_ki source_k / from, without the division: (side)
void average(std::vector<double>& sums, std::span<const double> source) {
    const std::size_t from = source.size();
    const std::size_t to = sums.size();
    for (std::size_t i = 0; i < to; ++i) {
        sums[i] = 0;
        for (std::size_t k = i * from / to; k * to < (i + 1) * from; ++k) {
            sums[i] += overlap(k, from, i, to) * source[k];
        }
    }
}

bool has_image_extension(const fs::path& path) {
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".jpg" || extension == ".jpeg" || extension == ".png";
}

void append(std::vector<Vector>& images, ImageSet& set, const fs::path& path, std::string name) {
    images.push_back(read_image(path, set.side));
    set.names.push_back(std::move(name));
}

Matrix as_rows(const std::vector<Vector>& images, std::size_t cols) {
    Matrix X(images.size(), cols);
    for (std::size_t i = 0; i < images.size(); ++i) {
        std::ranges::copy(images[i], X.row(i).begin());
    }
    return X;
}

// The entries of a folder, in the order of their names.
std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    fs::directory_iterator next(folder, error);
    for (; !error && next != fs::directory_iterator(); next.increment(error)) {
        entries.push_back(*next);
    }
    if (error) {
        throw Error(name_for_message(folder) + ": expected a folder of images: " + error.message());
    }
    std::ranges::sort(entries, {}, [](const auto& entry) { return entry.path().string(); });
    return entries;
}

}  // namespace

void require_size(std::size_t width, std::size_t height, const std::string& file) {
    if (width == 0 || height == 0 || width > max_image_pixels / height) {
        throw Error(file + ": expected an image of 1 to " + std::to_string(max_image_pixels) +
                    " pixels, got " + std::to_string(width) + " x " + std::to_string(height));
    }
}

Vector read_image(const fs::path& path, std::size_t side) {
    assert(side > 0);
    const std::string bytes = read_if_image(path);
    const auto decoder = decode(bytes, name_for_message(path));
    const std::size_t crop = std::min(decoder->width(), decoder->height());
    const std::size_t left = (decoder->width() - crop) / 2;
    const std::size_t top = (decoder->height() - crop) / 2;

    std::vector<double> luma(decoder->width());
    std::vector<double> row(side);             // row_i = sum_k overlap_ki luma_k
    std::vector<double> sums(side * side, 0);  // sum_ji = sum_y overlap_yj row_i
    for (std::size_t y = 0; y < decoder->height(); ++y) {
        decoder->read_row(luma);
        if (y < top || y >= top + crop) {
            continue;
        }
        average(row, std::span(luma).subspan(left, crop));
        for (std::size_t j = (y - top) * side / crop; j * crop < (y - top + 1) * side; ++j) {
            const double weight = overlap(y - top, crop, j, side);
            for (std::size_t i = 0; i < side; ++i) {
                sums[j * side + i] += weight * row[i];
            }
        }
    }
    decoder->finish();

    Vector x(side * side);
    const double area = static_cast<double>(crop) * static_cast<double>(crop);
    std::ranges::transform(sums, x.begin(), [area](double sum) {
        return static_cast<Scalar>(std::clamp(2 * sum / area - 1, -1.0, 1.0));  // against rounding
    });
    return x;
}

ImageSet read_image_folder(const fs::path& folder, std::size_t side) {
    ImageSet set;
    set.side = side;
    std::vector<Vector> images;
    for (const fs::directory_entry& entry : entries_of(folder)) {
        const std::string name = entry.path().filename().string();
        std::error_code ignored;
        if (entry.is_directory(ignored)) {
            set.skipped.push_back(one_line(name) + ": a folder");
        } else if (!has_image_extension(entry.path())) {
            set.skipped.push_back(one_line(name) + ": not a .jpg, .jpeg or .png file");
        } else {
            append(images, set, entry.path(), name);
        }
    }
    if (images.empty()) {
        throw Error(name_for_message(folder) +
                    ": expected .jpg, .jpeg or .png files, found none among " +
                    std::to_string(set.skipped.size()) + " entries");
    }
    set.X = as_rows(images, side * side);
    return set;
}

ImageSet read_image_list(const fs::path& list, const fs::path& folder, std::size_t side) {
    const std::string file = name_for_message(list);
    std::error_code ignored;
    std::ifstream input(list, std::ios::binary);
    if (!input || fs::is_directory(list, ignored)) {
        throw Error(file + ": cannot be opened; expected a list of image files");
    }
    constexpr std::size_t longest = 1000;
    ImageSet set;
    set.side = side;
    std::vector<Vector> images;
    std::string line;
    for (int number = 1; std::getline(input, line); ++number) {
        const std::string where = file + ":" + std::to_string(number) + ": ";
        if (line.ends_with('\r')) {
            line.pop_back();
        }
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        if (line.size() > longest || line.find('\0') != std::string::npos) {
            throw Error(where + "expected the name of an image file, got a line of " +
                        std::to_string(line.size()) + " bytes that is none");
        }
        try {
            append(images, set, folder / line, line);
        } catch (const Error& error) {
            throw Error(where + error.what());
        }
    }
    if (images.empty()) {
        throw Error(file + ": expected the names of image files, found none");
    }
    set.X = as_rows(images, side * side);
    return set;
}

}  // namespace hourglass
