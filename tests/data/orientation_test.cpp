#include <doctest/doctest.h>

#include <cmath>

#include "hourglass/data/image.hpp"
#include "making_images.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using Rows = std::vector<std::vector<int>>;

Vector image_of(const std::string& bytes, std::size_t side) {
    const testing::TemporaryFolder folder;
    return read_image(folder.write("image", bytes), side);
}

// The letter F, upright, as the table of Exif has it: 3 x 4 (wide x high), each pixel another gray.
const Rows upright = {{250, 240, 230}, {200, 20, 40}, {180, 170, 60}, {150, 80, 100}};

Rows transposed(const Rows& rows) {
    Rows result(rows[0].size());
    for (const auto& row : rows) {
        for (std::size_t j = 0; j < row.size(); ++j) {
            result[j].push_back(row[j]);
        }
    }
    return result;
}

Rows mirrored(Rows rows) {  // left to right
    for (auto& row : rows) {
        row = {row.rbegin(), row.rend()};
    }
    return rows;
}

Rows flipped(const Rows& rows) {  // top to bottom
    return {rows.rbegin(), rows.rend()};
}

/// What a camera stores of `rows` by what Exif says of orientation o: "the 0th row is at the visual
/// top (1, 2), bottom (3, 4), left (5, 8) or right (6, 7), the 0th column at ...".
Rows stored(const Rows& rows, unsigned o) {
    switch (o) {
        case 2:
            return mirrored(rows);
        case 3:
            return mirrored(flipped(rows));
        case 4:
            return flipped(rows);
        case 5:
            return transposed(rows);
        case 6:  // row 0 is the right column, from the top
            return transposed(mirrored(rows));
        case 7:  // row 0 is the right column, from the bottom
            return transposed(mirrored(flipped(rows)));
        case 8:  // row 0 is the left column, from the bottom
            return transposed(flipped(rows));
        default:
            return rows;
    }
}

}  // namespace

TEST_CASE("read_image: all eight orientations of Exif give the same upright image") {
    for (const Rows& rows : {upright, transposed(upright)}) {
        for (const std::size_t side : {1u, 2u, 3u, 5u}) {
            const Vector expected = image_of(testing::gray_png(rows), side);
            for (unsigned o = 1; o <= 8; ++o) {
                for (const bool little : {true, false}) {
                    CAPTURE(o);
                    CAPTURE(little);
                    const std::string exif =
                        testing::png_chunk("eXIf", testing::exif_block(o, little));
                    const Rows file = stored(rows, o);
                    const Vector x = image_of(testing::gray_png(file, exif), side);
                    REQUIRE(x.size() == expected.size());
                    for (std::size_t i = 0; i < x.size(); ++i) {
                        CHECK(static_cast<double>(x[i]) ==
                              doctest::Approx(static_cast<double>(expected[i])).epsilon(1e-6));
                    }
                    CHECK(image_of(testing::gray_png(file, "", exif), side) == x);  // behind pixels
                }
            }
        }
    }
}

TEST_CASE("read_image: the orientation in the APP1 segment of a JPEG is honoured") {
    const std::string bytes =
        testing::bytes_of(HOURGLASS_SOURCE_DIR "/tests/reference/images/colour.jpg");
    constexpr std::size_t n = 5;
    const auto rows_of = [](const std::string& file) {
        const Vector x = image_of(file, n);
        Rows rows(n);
        for (std::size_t i = 0; i < x.size(); ++i) {
            rows[i / n].push_back(static_cast<int>(std::lround(x[i] * 10'000)));
        }
        return rows;
    };
    for (unsigned o = 1; o <= 8; ++o) {
        CAPTURE(o);
        const std::string block = std::string("Exif\0\0", 6) + testing::exif_block(o, o % 2 == 0);
        const std::string segment = "\xff\xe1" + testing::big_endian(block.size() + 2, 2) + block;
        // The sides differ by 6, so the stored square is the same however it is turned.
        CHECK(stored(rows_of(std::string(bytes).insert(2, segment)), o) == rows_of(bytes));
    }
}

TEST_CASE("read_image: an orientation that is none or not readable changes nothing") {
    const Vector expected = image_of(testing::gray_png(upright), 3);
    const std::string six = testing::exif_block(6, true);
    std::string far = six;
    far.replace(4, 4, "\xff\xff\xff\xff");  // the directory is beyond the end
    std::string many = six.substr(0, 8) + "\xff\xff";
    for (const std::string& exif : {testing::exif_block(0, true), testing::exif_block(9, false),
                                    testing::exif_block(65535, true), std::string(), far, many,
                                    six.substr(0, 25), std::string("XX") + six.substr(2)}) {
        CHECK(image_of(testing::gray_png(upright, testing::png_chunk("eXIf", exif)), 3) ==
              expected);
    }
}

}  // namespace hourglass
