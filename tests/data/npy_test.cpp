#include "hourglass/data/npy.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <cstring>
#include <limits>

#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

/// A file of version 1 with this header, as long as it should be, and these numbers.
template <class Number>
std::string npy(std::string header, const std::vector<Number>& numbers) {
    header += '\n';
    std::string bytes = std::string("\x93NUMPY\1") + '\0';
    bytes += static_cast<char>(header.size() & 0xff);
    bytes += static_cast<char>(header.size() >> 8);
    return bytes + header + std::string(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number));
}

std::string doubles(const std::string& shape, const std::vector<double>& numbers) {
    return npy("{'descr': '<f8', 'fortran_order': False, 'shape': (" + shape + "), }", numbers);
}

Table read(const std::string& bytes, Missing missing = Missing::refuse) {
    const testing::TemporaryFolder folder;
    return read_npy(folder.write("a.npy", bytes), missing);
}

std::string complaint(const std::string& bytes) {
    const testing::TemporaryFolder folder;
    const auto path = folder.write("a.npy", bytes);
    const std::string message = testing::error_message([&] { read_npy(path); });
    CHECK(message.starts_with(path.string() + ": "));
    CHECK(std::ranges::count(message, '\n') == 0);
    return message.substr(std::min(path.string().size() + 2, message.size()));
}

long peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

}  // namespace

TEST_CASE("read_npy: rows, and columns of all other dimensions, in the order of C and of Fortran") {
    const std::vector<double> numbers = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const Table c = read(doubles("2, 3, 2", numbers));
    CHECK(c.columns.size() == 6);
    CHECK(c.origin == std::vector<double>{1, 2, 3, 4, 5, 6});
    CHECK(c.X == Matrix{{0, 0, 0, 0, 0, 0}, {6, 6, 6, 6, 6, 6}});
    const Table f = read(npy("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3, 2), }", numbers));
    CHECK(f.origin == std::vector<double>{1, 7, 3, 9, 5, 11});
    CHECK(f.X == Matrix{{0, 0, 0, 0, 0, 0}, {1, 1, 1, 1, 1, 1}});
}

TEST_CASE("read_npy: a header of another order, spacing and version") {
    const std::string one = npy("{'shape':(2,1),'fortran_order':False,'descr':'<f4'}", std::vector<float>{1, 2});
    CHECK(read(one).X == Matrix{{0}, {1}});
    std::string two = one;
    two[6] = 2;
    two.insert(10, 2, '\0');
    CHECK(read(two).X == Matrix{{0}, {1}});
}

TEST_CASE("read_npy: bytes in three dimensions are images") {
    const std::vector<unsigned char> pixels = {0, 51, 255, 51};
    const Table table = read(npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1, 2), }", pixels));
    CHECK(table.of_images());
    CHECK(table.height == 1);
    CHECK(table.width == 2);
    CHECK(table.X(1, 0) == 1);
    CHECK(table.origin[1] == doctest::Approx(0.2));
    CHECK_FALSE(read(npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }", pixels)).of_images());
}

TEST_CASE("read_npy: what it says and what it holds must agree, and a size that lies takes no memory") {
    const long before = peak_megabytes();
    CHECK(complaint(doubles("2, 3", {1, 2, 3, 4, 5})) ==
          "its header says 2 rows of 3 numbers, which take 48 bytes, and it holds 40");
    CHECK(complaint(doubles("2, 2", {1, 2, 3, 4, 5})) ==
          "its header says 2 rows of 2 numbers, which take 32 bytes, and it holds more");
    CHECK(complaint(doubles("100000000, 1000", {1})) ==
          "its header says 100000000 rows of 1000 numbers, which take 800000000000 bytes, and it holds 8");
    for (const std::string shape : {"99999999999, 1000", "0, 4", "4, 0", "", "2, 1000001", "2, 99999, 99999, 99999",
                                    "4294967296, 4294967296"}) {
        CHECK(complaint(doubles(shape, {1})) ==
              "its shape is (" + shape + "); expected at least 1 row, and 1 to 1000000 columns");
    }
    CHECK(complaint(doubles("99999999999999999999999, 2", {1})) ==
          "its shape (99999999999999999999999, 2) is larger than any memory");
    CHECK(peak_megabytes() - before < 100);
}

TEST_CASE("read_npy: a file cut short anywhere, of another kind or type is refused") {
    const std::string whole = doubles("2, 2", {1, 2, 3, 4});
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CAPTURE(length);
        CHECK_FALSE(complaint(whole.substr(0, length)).empty());
    }
    CHECK(complaint("a,b\n1,2\n3,4\n") == "expected a .npy file, which begins with the bytes 93 N U M P Y");
    std::string other = whole;
    other[6] = 4;
    CHECK(complaint(other) == "expected version 1, 2 or 3 of the .npy format, found 4");
    other = whole;
    other[8] = other[9] = '\xff';
    CHECK(complaint(other) == "its header should have 65535 bytes, and at most 10000 are read");
    CHECK(complaint(npy("{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }", std::vector<double>(4))) ==
          "expected numbers of a type among |u1, <i4, <i8, <f4 and <f8, found '|O'; in numpy, X.astype('<f4') makes them so");
    CHECK(testing::contains(complaint(npy("{'descr': '>f8', 'fortran_order': False, 'shape': (2, 2), }",
                                          std::vector<double>(4))), "found '>f8'"));
    CHECK(complaint(npy("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (2,), }", std::vector<double>(2))) ==
          "expected a header of descr, fortran_order and shape as of one array, found something else");
}

TEST_CASE("read_npy: NaN is a missing value, and nothing may be infinite") {
    const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    const std::string bytes = doubles("3, 2", {1, 2, 3, nan, 5, 6});
    CHECK(complaint(bytes).starts_with("row 2, column 2: the value is missing (NaN); --missing mean"));
    CHECK(read(bytes, Missing::mean).X(2, 1) == 4);
    CHECK(read(bytes, Missing::drop).row_name(1) == "3");
    CHECK(complaint(doubles("2, 2", {1, 2, -inf, 4})) == "row 2, column 1: expected a finite number, got an infinite one");
    if (!testing::scalar_is_double) {
        CHECK(complaint(doubles("2, 1", {1e39, -1e39})) == "row 2, column 1: a number too large for this build's precision");
    }
}

TEST_CASE("npy_bytes: are read back, and numbers begin where 64 divides") {
    for (const std::size_t columns : {1u, 3u, 1000u}) {
        Rng rng(columns);
        const Matrix X = testing::random_matrix(4, columns, rng);
        const std::string bytes = npy_bytes(X);
        CHECK((bytes.size() - X.flat().size_bytes()) % 64 == 0);
        const Table table = read(bytes);
        for (std::size_t i = 0; i < X.rows(); ++i) {
            for (std::size_t j = 0; j < columns; ++j) {
                CHECK(static_cast<double>(table.X(i, j)) + table.origin[j] ==
                      doctest::Approx(static_cast<double>(X(i, j))).epsilon(1e-6));
            }
        }
    }
}

}  // namespace hourglass
