// Data of tests/reference.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <istream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "hourglass/core/matrix.hpp"

namespace hourglass::testing {

using Json = nlohmann::json;

inline const std::string reference_folder = HOURGLASS_SOURCE_DIR "/tests/reference/";

inline Json reference_json(const std::string& name) {
    std::ifstream file(reference_folder + name);
    REQUIRE_MESSAGE(file, name);
    return Json::parse(file);
}

/// The first `columns` numbers of each line.
inline Matrix read_table(std::istream& input, std::size_t rows, std::size_t columns) {
    Matrix X(rows, columns);
    std::size_t i = 0;
    for (std::string line; std::getline(input, line); ++i) {
        REQUIRE(i < rows);
        std::istringstream fields(line);
        for (std::size_t j = 0; j < columns; ++j) {
            fields >> X(i, j);
            fields.ignore();  // the comma
        }
        REQUIRE(!fields.fail());
    }
    REQUIRE(i == rows);
    return X;
}

inline Matrix iris() {
    std::ifstream file(HOURGLASS_SOURCE_DIR "/data/iris/iris.csv");
    std::string header;
    std::getline(file, header);
    return read_table(file, 150, 4);
}

}  // namespace hourglass::testing
