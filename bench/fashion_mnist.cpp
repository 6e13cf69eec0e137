#include "fashion_mnist.hpp"

#include <algorithm>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cstdint>
#include <fstream>
#include <string>

#include "hourglass/core/error.hpp"

namespace hourglass::bench {
namespace {

constexpr std::size_t side = 28;
constexpr std::size_t image_pixels = side * side;

/// The four numbers that an IDX file of images begins with, the most significant byte first.
struct IdxHeader {
    std::uint32_t magic = 0;  // 0x0803: unsigned bytes in three dimensions
    std::uint32_t images = 0;
    std::uint32_t rows = 0;
    std::uint32_t cols = 0;
};

std::uint32_t read_big_endian(std::istream& input) {
    std::uint32_t number = 0;
    for (int byte = 0; byte < 4; ++byte) {
        number = number << 8 | static_cast<std::uint8_t>(input.get());
    }
    return number;
}

IdxHeader read_header(std::istream& input) {
    IdxHeader header;
    header.magic = read_big_endian(input);
    header.images = read_big_endian(input);
    header.rows = read_big_endian(input);
    header.cols = read_big_endian(input);
    return header;
}

}  // namespace

Matrix read_fashion_mnist(const std::filesystem::path& path, std::size_t samples) {
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path)) {
        throw Error(
            path.string() +
            ": cannot be opened. It is in the Debian package "
            "dataset-fashion-mnist, which ./lab bench installs; --fashion-mnist names another "
            "place, and --only W1,W2,W3 does without");
    }
    boost::iostreams::filtering_istream input;
    input.push(boost::iostreams::gzip_decompressor());
    input.push(file);
    input.exceptions(std::ios::badbit);  // so that the decompressor's complaints come through
    Matrix X(samples, image_pixels);
    try {
        const IdxHeader header = read_header(input);
        if (!input || header.magic != 0x0803 || header.rows != side || header.cols != side ||
            header.images < samples) {
            throw Error(path.string() + ": expected at least " + std::to_string(samples) +
                        " images of 28x28 pixels in IDX format");
        }
        std::string pixels(image_pixels, '\0');
        for (std::size_t i = 0; i < samples; ++i) {
            if (!input.read(pixels.data(), static_cast<std::streamsize>(pixels.size()))) {
                throw Error(path.string() + ": ends within image " + std::to_string(i));
            }
            std::ranges::transform(pixels, X.row(i).begin(), [](char pixel) {
                return static_cast<Scalar>(static_cast<std::uint8_t>(pixel)) / 255;
            });
        }
    } catch (const boost::iostreams::gzip_error& error) {
        throw Error(path.string() + ": cannot be decompressed: " + error.what());
    }
    return X;
}

}  // namespace hourglass::bench
