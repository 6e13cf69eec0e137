#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "hourglass/data/table.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// Tables that Python's csv module and numpy wrote, by tests/reference/tables.py, which says how to make more of them.

namespace hourglass {
namespace {

using Json = nlohmann::json;

Json python_tables() {
    const char* file = std::getenv("HOURGLASS_TABLES");
    return Json::parse(testing::bytes_of(file ? file : HOURGLASS_SOURCE_DIR "/tests/reference/tables.json"));
}

std::string from_base64(const std::string& text) {
    const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    for (const char letter : text) {
        if (letter != '=') {
            bits = bits << 6 | static_cast<unsigned>(letters.find(letter));
            if ((count += 6) >= 8) {
                bytes += static_cast<char>(bits >> (count -= 8) & 0xff);
            }
        }
    }
    return bytes;
}

/// Is every number there, as exactly as this build holds a difference from the first row? null is a missing one.
void check_numbers(const Table& table, const Json& expected) {
    REQUIRE(table.rows() == expected.size());
    REQUIRE(table.X.cols() == expected[0].size());
    for (std::size_t i = 0; i < table.rows(); ++i) {
        for (std::size_t j = 0; j < table.X.cols(); ++j) {
            CAPTURE(i);
            CAPTURE(j);
            const auto found = static_cast<double>(table.X(i, j));
            if (expected[i][j].is_null()) {
                CHECK(std::isnan(found));
            } else {
                const double difference = expected[i][j].get<double>() - table.origin[j];
                CHECK(std::abs(found - difference) <= (testing::scalar_is_double ? 0 : 6e-8) * std::abs(difference));
            }
        }
    }
}

}  // namespace

TEST_CASE("read_table: csv files that Python wrote") {
    const Json tables = python_tables();
    CHECK(tables["csv"].size() >= 30);
    for (std::size_t t = 0; t < tables["csv"].size(); ++t) {
        const Json& expected = tables["csv"][t];
        const auto bytes = expected["text"].get<std::string>();
        CAPTURE(t);
        CAPTURE(bytes);
        const testing::TemporaryFolder folder;
        TableOptions options;
        options.delimiter = expected["delimiter"];
        options.missing = missing_from_name(expected["missing"].get<std::string>());
        options.label = expected["label"];
        const Table table = read_table(folder.write("table", bytes), options);
        CHECK(table.columns == expected["columns"].get<std::vector<std::string>>());
        check_numbers(table, expected["X"]);
        for (std::size_t i = 0; i < table.rows(); ++i) {
            CHECK(table.row_name(i) == std::to_string(expected["numbers"][i].get<int>()));
        }
        REQUIRE(table.labels.size() == expected["labels"].size());
        for (std::size_t i = 0; i < table.labels.size(); ++i) {
            CHECK(table.classes[table.labels[i]] == expected["labels"][i].get<std::string>());
        }
    }
}

TEST_CASE("read_table: npy files that Python wrote") {
    const Json tables = python_tables();
    CHECK(tables["npy"].size() >= 30);
    for (std::size_t t = 0; t < tables["npy"].size(); ++t) {
        CAPTURE(t);
        const testing::TemporaryFolder folder;
        const Json& expected = tables["npy"][t];
        const Table table = read_table(folder.write("array", from_base64(expected["base64"])));
        check_numbers(table, expected["X"]);
        CHECK(table.of_images() == expected["is_image"].get<bool>());
    }
}

}  // namespace hourglass
