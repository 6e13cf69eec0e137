#pragma once

// jpeglib.h needs cstdio before it.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on
#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "idx_bytes.hpp"

namespace hourglass::testing {

/// Lowest byte first where `little`.
inline std::string number(std::size_t value, int count, bool little) {
    const std::string bytes = big_endian(value, count);
    return little ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
}

/// An Exif block that says how a camera was held, behind an entry of another kind.
inline std::string exif_block(unsigned orientation, bool little) {
    const auto n = [little](std::size_t value, int count) { return number(value, count, little); };
    return (little ? "II" : "MM") + n(42, 2) + n(8, 4) + n(2, 2) +  //
           n(0x0110, 2) + n(2, 2) + n(4, 4) + "abc" + '\0' +        // the model
           n(0x0112, 2) + n(3, 2) + n(1, 4) + n(orientation, 2) + n(0, 2) + n(0, 4);
}

/// A chunk of a PNG; it may claim another length than it has.
inline std::string png_chunk(const std::string& kind, const std::string& data,
                             std::size_t claimed = SIZE_MAX) {
    const std::string body = kind + data;
    const auto crc =
        crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return big_endian(claimed == SIZE_MAX ? data.size() : claimed, 4) + body + big_endian(crc, 4);
}

/// `data`, so many times, packed; it is never in memory as a whole.
inline std::string deflated(const std::string& data, std::size_t times = 1) {
    z_stream stream{};
    deflateInit(&stream, Z_BEST_SPEED);
    std::string result;
    std::string block(100'000, '\0');
    for (std::size_t i = 0; i < times; ++i) {
        stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(data.data()));
        stream.avail_in = static_cast<uInt>(data.size());
        do {
            stream.next_out = reinterpret_cast<Bytef*>(block.data());
            stream.avail_out = static_cast<uInt>(block.size());
            deflate(&stream, i + 1 == times ? Z_FINISH : Z_NO_FLUSH);
            result.append(block, 0, block.size() - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    return result;
}

/// A gray PNG of 8 bits. `before` and `behind` are chunks around the pixels.
inline std::string gray_png(const std::vector<std::vector<int>>& rows,
                            const std::string& before = "", const std::string& behind = "") {
    using namespace std::string_literals;
    std::string lines;
    for (const auto& row : rows) {
        lines += '\0';  // no filter
        for (const int value : row) {
            lines += static_cast<char>(value);
        }
    }
    return "\x89PNG\r\n\x1a\n" +
           png_chunk("IHDR",
                     big_endian(rows[0].size(), 4) + big_endian(rows.size(), 4) + "\x08\0\0\0\0"s) +
           before + png_chunk("IDAT", deflated(lines)) + behind + png_chunk("IEND", "");
}

/// A black PNG of 1 bit a pixel, whatever its size: a thousandth of its pixels' bytes.
inline std::string black_png(std::size_t width, std::size_t height, bool interlaced = false) {
    using namespace std::string_literals;
    const std::string line((width / 8 + 2) * (interlaced ? 2 : 1), '\0');
    return "\x89PNG\r\n\x1a\n" +
           png_chunk("IHDR", big_endian(width, 4) + big_endian(height, 4) + "\x01\0\0\0"s +
                                 (interlaced ? '\1' : '\0')) +
           png_chunk("IDAT", deflated(line, height)) + png_chunk("IEND", "");
}

/// What a JPEG that libjpeg writes here differs in.
struct JpegOptions {
    int channels = 1;  // 1 gray, 3 RGB, 4 CMYK; 2 of no known meaning
    bool progressive = false;
    bool arithmetic = false;
    std::string exif = "";  // goes into an APP1 segment
};

/// A JPEG of one gray, `value`.
inline std::string flat_jpeg(unsigned width, unsigned height, int value,
                             const JpegOptions& o = {}) {
    jpeg_compress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = o.channels;
    jpeg.in_color_space = o.channels == 1   ? JCS_GRAYSCALE
                          : o.channels == 3 ? JCS_RGB
                          : o.channels == 4 ? JCS_CMYK
                                            : JCS_UNKNOWN;
    jpeg_set_defaults(&jpeg);
    jpeg.arith_code = o.arithmetic ? TRUE : FALSE;
    if (o.progressive) {
        jpeg_simple_progression(&jpeg);
    }
    jpeg_start_compress(&jpeg, TRUE);
    if (!o.exif.empty()) {
        const std::string segment = std::string("Exif\0\0", 6) + o.exif;
        jpeg_write_marker(&jpeg, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(segment.data()),
                          static_cast<unsigned>(segment.size()));
    }
    std::vector<JSAMPLE> row(static_cast<std::size_t>(width) * static_cast<unsigned>(o.channels),
                             static_cast<JSAMPLE>(value));
    for (JSAMPROW line = row.data(); jpeg.next_scanline < height;) {
        jpeg_write_scanlines(&jpeg, &line, 1);
    }
    jpeg_finish_compress(&jpeg);
    std::string result(reinterpret_cast<char*>(bytes), size);
    std::free(bytes);
    jpeg_destroy_compress(&jpeg);
    return result;
}

}  // namespace hourglass::testing
