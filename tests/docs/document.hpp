#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/core/matrix.hpp"

// For the tests that hold the pages of docs/ against the library: every number of a worked example, and every line
// of code that is quoted.
namespace hourglass::testing {

inline std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path);
    REQUIRE_MESSAGE(file.good(), "cannot open " << path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

inline const std::filesystem::path source_dir = HOURGLASS_SOURCE_DIR;

/// A number, a vector or a matrix, as the document prints it.
struct Printed {
    std::vector<double> values;
    std::string text;
};

inline Printed print(double value, const char* format = "%.6f") {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return {{value}, text};
}

inline Printed print(std::span<const Scalar> v, const char* format = "%.6f") {
    Printed result{{}, "["};
    for (const Scalar value : v) {
        result.values.push_back(static_cast<double>(value));
        result.text += (result.values.size() > 1 ? ", " : "");
        result.text += print(result.values.back(), format).text;
    }
    result.text += "]";
    return result;
}

inline Printed print(const Vector& v, const char* format = "%.6f") {
    return print(std::span<const Scalar>(v), format);
}

inline Printed print(const Matrix& V) {
    Printed result{{}, "["};
    for (std::size_t i = 0; i < V.rows(); ++i) {
        const Printed row = print(V.row(i));
        result.values.insert(result.values.end(), row.values.begin(), row.values.end());
        result.text += (i > 0 ? ", " : "") + row.text;
    }
    result.text += "]";
    return result;
}

inline std::vector<double> numbers_in(const std::string& text) {
    static const std::regex number("-?[0-9]+\\.[0-9]+(e[-+][0-9]+)?");
    std::vector<double> result;
    for (std::sregex_iterator it(text.begin(), text.end(), number), end; it != end; ++it) {
        result.push_back(std::stod(it->str()));
    }
    return result;
}

/// Is `text` what the library computed? In double every digit has to agree. Float has about seven
/// digits, so there a number may be 2e-6 off, or half a unit of the last digit of the short ones.
inline bool agrees(const std::string& text, const Printed& computed) {
    if (sizeof(Scalar) == 8) {
        return text == computed.text;
    }
    const std::vector<double> values = numbers_in(text);
    bool same = values.size() == computed.values.size();
    for (std::size_t i = 0; same && i < values.size(); ++i) {
        const double last_digit = text.find('e') == std::string::npos ? 0 : 0.006 * values[i];
        same = std::abs(values[i] - computed.values[i]) <= 2e-6 + last_digit;
    }
    return same;
}

/// Every run of white space as one blank, so that a new indentation is no difference.
inline std::string in_one_line(const std::string& text) {
    std::istringstream words(text);
    std::string result;
    for (std::string word; words >> word;) {
        result += word + " ";
    }
    return result;
}

/// A page of docs/: its fenced blocks of code and of worked numbers.
class Document {
public:
    explicit Document(std::string its_name) : name(std::move(its_name)) {}

    std::string name;  // "backprop.md"

    /// The contents of every fenced block whose fence opens with ```language.
    std::vector<std::string> fenced_blocks(const std::string& language) const {
        std::vector<std::string> blocks;
        std::istringstream document(read_text(source_dir / "docs" / name));
        bool inside = false, wanted = false;
        for (std::string line; std::getline(document, line);) {
            if (line.starts_with("```")) {
                inside = !inside;
                wanted = inside && line == "```" + language;
                if (wanted) {
                    blocks.emplace_back();
                }
            } else if (wanted) {
                blocks.back() += line + "\n";
            }
        }
        return blocks;
    }

    /// The lines after "# title" of each ```text block, by title.
    std::map<std::string, std::vector<std::string>> titled_blocks() const {
        std::map<std::string, std::vector<std::string>> result;
        for (const std::string& block : fenced_blocks("text")) {
            std::istringstream lines(block);
            std::string title, line;
            std::getline(lines, title);
            REQUIRE_MESSAGE(title.starts_with("# "), name << ": a text block without a title: " << title);
            REQUIRE_MESSAGE(!result.contains(title.substr(2)), name << ": two text blocks with " << title);
            std::vector<std::string>& body = result[title.substr(2)];
            while (std::getline(lines, line)) {
                body.push_back(line);
            }
        }
        return result;
    }

    /// Each text block is one of these, and so is checked somewhere.
    void expect_only(const std::set<std::string>& checked) const {
        for (const auto& block : titled_blocks()) {
            CHECK_MESSAGE(checked.contains(block.first), name << ": no test checks the text block " << block.first);
        }
    }

    /// Every quoted line of code stands in the sources. This compares text: code that computes the same in other
    /// words is right, and passes the tests of nn; it is the document that then has to follow.
    void expect_quotes(std::size_t least) const {
        std::string sources;
        for (const char* room : {"include/hourglass/core", "include/hourglass/nn", "src/core", "src/nn", "src/analysis"}) {
            for (const auto& file : std::filesystem::recursive_directory_iterator(source_dir / room)) {
                if (file.is_regular_file()) {
                    sources += in_one_line(read_text(file.path()));
                }
            }
        }
        const std::vector<std::string> quotes = fenced_blocks("cpp");
        CHECK(quotes.size() >= least);
        for (const std::string& quote : quotes) {
            CHECK_MESSAGE(sources.find(in_one_line(quote)) != std::string::npos,
                          "docs/" << name
                                  << " quotes this code, and src/ and include/ no longer have it so. If the change is "
                                     "meant, quote the new code there; whether it computes the same is not what is "
                                     "asked here, but in the tests of nn:\n"
                                  << quote);
        }
    }
};

/// One titled block of lines "name = value". Every line is to be taken once.
class Block {
public:
    Block(const Document& page, const std::string& title) : title_(page.name + ": " + title) {
        const auto blocks = page.titled_blocks();
        REQUIRE_MESSAGE(blocks.contains(title), "no text block has the title " << title);
        for (const std::string& line : blocks.at(title)) {
            const std::size_t equals = line.find(" = ");
            REQUIRE_MESSAGE(equals != std::string::npos, title << ": not a value: " << line);
            REQUIRE_MESSAGE(lines_.emplace(line.substr(0, equals), line.substr(equals + 3)).second,
                            title << ": twice: " << line);
        }
    }

    std::string take(const std::string& name) {
        const auto line = lines_.extract(name);
        REQUIRE_MESSAGE(!line.empty(), title_ << ": no line for " << name);
        return line.mapped();
    }

    /// The numbers of a line, for an input that the library is to start from.
    Matrix take_matrix(const std::string& name) {
        const std::string text = take(name);
        const std::vector<double> values = numbers_in(text);
        const auto brackets = static_cast<std::size_t>(std::ranges::count(text, '['));
        const std::size_t rows = brackets - 1;  // [[...], [...]]
        REQUIRE_MESSAGE((brackets > 1 && values.size() % rows == 0), title_ << ": expected a matrix: " << name);
        Matrix result(rows, values.size() / rows);
        for (std::size_t i = 0; i < values.size(); ++i) {
            result.flat()[i] = static_cast<Scalar>(values[i]);
        }
        CHECK_MESSAGE(agrees(text, print(result)), title_ << ": " << name << " = " << text);
        return result;
    }

    Vector take_vector(const std::string& name) {
        const std::string text = take(name);
        Vector result;
        for (const double value : numbers_in(text)) {
            result.push_back(static_cast<Scalar>(value));
        }
        REQUIRE_MESSAGE(!result.empty(), title_ << ": expected numbers: " << name);
        CHECK_MESSAGE(agrees(text, print(result)), title_ << ": " << name << " = " << text);
        return result;
    }

    void expect(const std::string& name, const Printed& computed) {
        const std::string text = take(name);
        CHECK_MESSAGE(agrees(text, computed), title_ << ": the document says " << name << " = "
                                                     << text << ", the library computes "
                                                     << computed.text);
    }

    void expect_no_more() const {
        for (const auto& line : lines_) {
            FAIL_CHECK(title_ << ": nothing checks " << line.first << " = " << line.second);
        }
    }

private:
    std::string title_;
    std::map<std::string, std::string> lines_;
};

}  // namespace hourglass::testing
