#include "exif.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace hourglass {
namespace {

constexpr std::size_t max_exif_bytes = 65'535;  // what a JPEG segment holds

// A whole number of `count` bytes; 0 beyond the end.
std::size_t number(std::string_view bytes, std::size_t at, std::size_t count, bool big_endian) {
    if (at > bytes.size() || count > bytes.size() - at) {
        return 0;
    }
    std::size_t result = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t k = big_endian ? i : count - 1 - i;
        result = result << 8 | static_cast<unsigned char>(bytes[at + k]);
    }
    return result;
}

// What is left of the file may be shorter.
std::string read(std::FILE* input, std::size_t count) {
    std::string bytes(count, '\0');
    bytes.resize(std::fread(bytes.data(), 1, count, input));
    return bytes;
}

Orientation at_start_again(std::FILE* input, const std::string& tiff) {
    std::rewind(input);
    return exif_orientation(tiff);
}

}  // namespace

Orientation exif_orientation(std::string_view tiff) {
    const bool big_endian = tiff.starts_with("MM");
    const auto at = [&](std::size_t place, std::size_t count) {
        return number(tiff, place, count, big_endian);
    };
    if ((!big_endian && !tiff.starts_with("II")) || at(2, 2) != 42) {
        return {};
    }
    const std::size_t directory = at(4, 4);
    for (std::size_t i = 0; i < at(directory, 2); ++i) {
        const std::size_t entry = directory + 2 + 12 * i;  // tag, type, count, value
        if (at(entry, 2) == 0x0112 && at(entry + 2, 2) == 3) {
            const std::size_t o = at(entry + 8, 2);
            return {.columns_reversed = o == 2 || o == 3 || o == 7 || o == 8,
                    .rows_reversed = o == 3 || o == 4 || o == 6 || o == 7,
                    .transposed = o >= 5 && o <= 8};
        }
    }
    return {};
}

// SOI, then segments FF E1 length data; the pixels begin with FF DA.
Orientation jpeg_orientation(std::FILE* input) {
    using namespace std::string_view_literals;
    constexpr auto exif = "Exif\0\0"sv;
    read(input, 2);
    for (std::string head = read(input, 4); head.size() == 4 && head[0] == '\xff';
         head = read(input, 4)) {
        const std::size_t length = number(head, 2, 2, true);
        if (length < 2 || head[1] == '\xda') {
            break;
        }
        if (head[1] == '\xe1') {
            const std::string data = read(input, length - 2);
            if (data.starts_with(exif)) {
                return at_start_again(input, data.substr(exif.size()));
            }
        } else if (std::fseek(input, static_cast<long>(length - 2), SEEK_CUR) != 0) {
            break;
        }
    }
    return at_start_again(input, "");
}

// A signature of 8 bytes, then chunks: length, kind, data, checksum. eXIf may stand behind the pixels.
Orientation png_orientation(std::FILE* input) {
    read(input, 8);
    for (std::string head = read(input, 8); head.size() == 8; head = read(input, 8)) {
        const std::size_t length = number(head, 0, 4, true);
        if (head.ends_with("eXIf")) {
            return at_start_again(input, read(input, std::min(length, max_exif_bytes)));
        }
        if (head.ends_with("IEND") ||
            std::fseek(input, static_cast<long>(length) + 4, SEEK_CUR) != 0) {
            break;
        }
    }
    return at_start_again(input, "");
}

}  // namespace hourglass
