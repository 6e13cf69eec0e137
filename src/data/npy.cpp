#include "hourglass/data/npy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "hourglass/core/error.hpp"
#include "table_rows.hpp"

namespace hourglass {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t longest_header = 10'000;             // numpy reads no longer ones, either
constexpr std::size_t most_bytes = std::size_t{1} << 40;   // of the numbers
constexpr std::size_t most_columns = 1'000'000;

struct Type {
    std::string_view name;
    std::size_t size;
    double (*number)(const char*);
};

template <class Number>
double number_at(const char* bytes) {
    Number number;
    std::memcpy(&number, bytes, sizeof number);
    return static_cast<double>(number);
}

constexpr std::array<Type, 5> types = {{{"|u1", 1, number_at<std::uint8_t>},
                                        {"<i4", 4, number_at<std::int32_t>},
                                        {"<i8", 8, number_at<std::int64_t>},
                                        {"<f4", 4, number_at<float>},
                                        {"<f8", 8, number_at<double>}}};

/// What the header says of the array.
struct Array {
    Type type;
    bool fortran_order = false;
    std::vector<std::size_t> shape;

    std::size_t rows() const { return shape[0]; }
    std::size_t columns() const {  // at most most_columns, or it is refused
        std::size_t count = 1;
        for (std::size_t k = 1; k < shape.size() && count <= most_columns; ++k) {
            count *= std::min(shape[k], most_columns + 1);
        }
        return count;
    }
};

/// "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }"
std::string read_header(GzFile& file) {
    std::string start = file.read(10);
    if (!start.starts_with(magic) || start.size() < 10) {
        file.fail("expected a .npy file, which begins with the bytes 93 N U M P Y");
    }
    const char version = start[6];
    if (version < 1 || version > 3) {
        file.fail("expected version 1, 2 or 3 of the .npy format, found " + std::to_string(version));
    }
    start += file.read(version == 1 ? 0 : 2);
    std::size_t size = 0;
    for (std::size_t i = start.size(); i > 8; --i) {
        size = size << 8 | static_cast<unsigned char>(start[i - 1]);
    }
    const std::string header = file.read(std::min(size, longest_header + 1));
    if (size > longest_header || header.size() < size || start.size() < (version == 1 ? 10 : 12)) {
        file.fail("its header should have " + std::to_string(size) + " bytes, and " +
                  (size > longest_header ? "at most " + std::to_string(longest_header) + " are read"
                                         : "the file ends before"));
    }
    return header;
}

Array parse_header(GzFile& file) {
    const std::string header = read_header(file);
    const auto require = [&](bool found) {
        if (!found) {
            file.fail("expected a header of descr, fortran_order and shape as of one array, found something else");
        }
    };
    const auto after = [&](const std::string& key) {  // what its value begins
        const std::size_t at = header.find("'" + key + "'");
        require(at != header.npos);
        return header.substr(std::min(header.find_first_not_of(" :", at + key.size() + 2), header.size()));
    };
    const auto between = [&](const std::string& key, char first, char last) {
        const std::string value = after(key);
        const std::size_t end = value.find(last, 1);
        require(value.starts_with(first) && end != value.npos);
        return value.substr(1, end - 1);
    };
    const std::string name = between("descr", '\'', '\'');
    const auto type = std::ranges::find(types, name, &Type::name);
    if (type == types.end()) {
        file.fail("expected numbers of a type among |u1, <i4, <i8, <f4 and <f8, found '" + name +
                  "'; in numpy, X.astype('<f4') makes them so");
    }
    const std::string shape = between("shape", '(', ')'), order = after("fortran_order");
    require(shape.find_first_not_of("0123456789, ") == shape.npos);
    require(order.starts_with("True") || order.starts_with("False"));
    Array array{*type, order.starts_with("True"), {}};
    for (const char *at = shape.data(), *end = at + shape.size(); at != end;) {
        std::size_t extent = 0;
        const auto [next, error] = std::from_chars(at, end, extent);
        if (error == std::errc::result_out_of_range) {
            file.fail("its shape (" + shape + ") is larger than any memory");
        }
        if (error == std::errc{}) {
            array.shape.push_back(extent);
        }
        at = next == at ? at + 1 : next;
    }
    const std::size_t columns = array.shape.empty() ? 0 : array.columns();
    if (columns == 0 || columns > most_columns || array.rows() == 0 ||
        array.rows() > most_bytes / type->size / columns) {
        file.fail("its shape is (" + shape + "); expected at least 1 row, and 1 to " + std::to_string(most_columns) +
                  " columns");
    }
    return array;
}

/// Where in its row's numbers each column of the array stands, the columns in the order of C.
std::vector<std::size_t> column_places(const Array& array) {
    std::vector<std::size_t> places = {0};
    std::size_t stride = array.rows();  // in the order of Fortran, where the first dimension is the fastest
    for (std::size_t k = 1; k < array.shape.size(); ++k) {
        std::vector<std::size_t> next;
        for (const std::size_t place : places) {
            for (std::size_t i = 0; i < array.shape[k]; ++i) {
                next.push_back(array.fortran_order ? place + i * stride : next.size());
            }
        }
        stride *= array.shape[k];
        places = std::move(next);
    }
    return places;
}

void describe(Table& table, const Array& array) {
    for (std::size_t j = 0; j < array.columns(); ++j) {
        table.columns.push_back(std::to_string(j + 1));
    }
    const std::size_t channels = array.shape.size() == 4 ? array.shape[3] : 1;
    if (array.type.size == 1 && (array.shape.size() == 3 || (array.shape.size() == 4 && (channels == 1 || channels == 3)))) {
        table.height = array.shape[1];
        table.width = array.shape[2];
        table.channels = channels;
    }
}

}  // namespace

Table read_npy(const std::filesystem::path& path, Missing missing) {
    GzFile file(path);
    const Array array = parse_header(file);
    const std::size_t n = array.rows(), d = array.columns(), size = array.type.size;
    const std::string bytes = file.read(n * d * size + 1);  // and by one more that the file ends there
    if (bytes.size() != n * d * size) {
        file.fail("its header says " + std::to_string(n) + " rows of " + std::to_string(d) + " numbers, which take " +
                  std::to_string(n * d * size) + " bytes, and it holds " +
                  (bytes.size() < n * d * size ? std::to_string(bytes.size()) : std::string("more")));
    }
    TableRows rows;
    describe(rows.table, array);
    const double white = rows.table.of_images() ? 255 : 1;
    const std::vector<std::size_t> places = column_places(array);
    std::vector<double> row(d);
    for (std::size_t i = 0; i < n; ++i) {
        const auto require = [&](bool holds, std::size_t j, const char* what) {
            if (!holds) {
                file.fail("row " + std::to_string(i + 1) + ", column " + std::to_string(j + 1) + ": " + what);
            }
        };
        for (std::size_t j = 0; j < d; ++j) {
            row[j] = array.type.number(bytes.data() + size * (places[j] + i * (array.fortran_order ? 1 : d))) / white;
            require(!std::isinf(row[j]), j, "expected a finite number, got an infinite one");
            require(!std::isnan(row[j]) || missing != Missing::refuse, j,
                    "the value is missing (NaN); --missing mean puts the mean of the training rows there, --missing drop "
                    "leaves such rows out");
        }
        rows.add(row, missing == Missing::drop);
        require(!rows.too_large(), rows.too_large().value_or(0), "a number too large for this build's precision");
    }
    return rows.finish(file);
}

std::string npy_bytes(const Matrix& X) {
    std::string header = "{'descr': '<f" + std::to_string(sizeof(Scalar)) + "', 'fortran_order': False, 'shape': (" +
                         std::to_string(X.rows()) + ", " + std::to_string(X.cols()) + "), }";
    constexpr std::size_t before = 10;
    header.append(63 - (before + header.size()) % 64, ' ');  // the numbers start where 64 divides
    header += '\n';
    const auto size = static_cast<std::uint16_t>(header.size());
    return std::string(magic) + '\1' + '\0' + static_cast<char>(size & 0xff) + static_cast<char>(size >> 8) + header +
           std::string(reinterpret_cast<const char*>(X.flat().data()), X.flat().size_bytes());
}

}  // namespace hourglass
