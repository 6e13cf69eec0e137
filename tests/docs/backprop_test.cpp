// Holds docs/backprop.md against the library: every number of its worked examples, and every line of
// code that it quotes. The numbers come from tests/reference/worked_example.py.

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
#include <vector>

#include "hourglass/nn/network.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "nn/testing.hpp"

using namespace hourglass;

namespace {

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path);
    REQUIRE_MESSAGE(file.good(), "cannot open " << path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

const std::filesystem::path source_dir = HOURGLASS_SOURCE_DIR;

/// The contents of every fenced block of docs/backprop.md whose fence opens with ```language.
std::vector<std::string> fenced_blocks(const std::string& language) {
    std::vector<std::string> blocks;
    std::istringstream document(read_text(source_dir / "docs/backprop.md"));
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
std::map<std::string, std::vector<std::string>> titled_blocks() {
    std::map<std::string, std::vector<std::string>> result;
    for (const std::string& block : fenced_blocks("text")) {
        std::istringstream lines(block);
        std::string title, line;
        std::getline(lines, title);
        REQUIRE_MESSAGE(title.starts_with("# "), "a text block without a title: " << title);
        REQUIRE_MESSAGE(!result.contains(title.substr(2)), "two text blocks with " << title);
        std::vector<std::string>& body = result[title.substr(2)];
        while (std::getline(lines, line)) {
            body.push_back(line);
        }
    }
    return result;
}

/// A number, a vector or a matrix, as the document prints it.
struct Printed {
    std::vector<double> values;
    std::string text;
};

Printed print(double value, const char* format = "%.6f") {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return {{value}, text};
}

Printed print(std::span<const Scalar> v, const char* format = "%.6f") {
    Printed result{{}, "["};
    for (const Scalar value : v) {
        result.values.push_back(static_cast<double>(value));
        result.text += (result.values.size() > 1 ? ", " : "");
        result.text += print(result.values.back(), format).text;
    }
    result.text += "]";
    return result;
}

Printed print(const Vector& v, const char* format = "%.6f") {
    return print(std::span<const Scalar>(v), format);
}

Printed print(const Matrix& V) {
    Printed result{{}, "["};
    for (std::size_t i = 0; i < V.rows(); ++i) {
        const Printed row = print(V.row(i));
        result.values.insert(result.values.end(), row.values.begin(), row.values.end());
        result.text += (i > 0 ? ", " : "") + row.text;
    }
    result.text += "]";
    return result;
}

std::vector<double> numbers_in(const std::string& text) {
    static const std::regex number("-?[0-9]+\\.[0-9]+(e[-+][0-9]+)?");
    std::vector<double> result;
    for (std::sregex_iterator it(text.begin(), text.end(), number), end; it != end; ++it) {
        result.push_back(std::stod(it->str()));
    }
    return result;
}

/// Is `text` what the library computed? In double every digit has to agree. Float has about seven
/// digits, so there a number may be 2e-6 off, or half a unit of the last digit of the short ones.
bool agrees(const std::string& text, const Printed& computed) {
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

/// One titled block of lines "name = value". Every line is to be taken once.
class Block {
public:
    explicit Block(const std::string& title) : title_(title) {
        const auto blocks = titled_blocks();
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
        REQUIRE_MESSAGE(values.size() == 4, title_ << ": expected two rows of two: " << name);
        Matrix result(2, 2);
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
        REQUIRE_MESSAGE(result.size() == 2, title_ << ": expected two numbers: " << name);
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

/// The net of the document, and what one training step leaves.
struct Step {
    Matrix X, T;
    double learning_rate = 0;
    Network network;
    Workspace ws;
    double loss = 0;

    explicit Step(Loss kind)
        : network(testing::network_of(Dense(2, 2, "hidden", {Activation::Kind::tanh}),
                                      Dense(2, 2, "output", {Activation::Kind::tanh}))),
          ws(network) {
        Block given("given");
        X = given.take_matrix("X");
        T = given.take_matrix("T");
        network.as<Dense>(1).W = given.take_matrix("W1");
        network.as<Dense>(1).b = given.take_vector("b1");
        network.as<Dense>(2).W = given.take_matrix("W2");
        network.as<Dense>(2).b = given.take_vector("b2");
        learning_rate = numbers_in(given.take("learning_rate")).at(0);
        given.expect_no_more();

        network.forward(ws, X);
        loss = network.loss(ws, T, kind);
        network.backward(ws);
        network.backward_input(ws);
    }

    /// The loss after one step of plain SGD.
    double loss_after_update(Loss kind) {
        Sgd sgd(network.parameters(), {.learning_rate = learning_rate});
        sgd.step();
        Workspace trial(network);
        network.forward(trial, X);
        return network.loss(trial, T, kind);
    }
};

TEST_CASE("backprop.md: the forward pass by hand is what the library computes") {
    const Step step(Loss::cross_entropy);
    Block block("cross-entropy: forward");
    block.expect("Z1", print(step.ws.Z[1]));
    block.expect("A1", print(step.ws.A[1]));
    block.expect("Z2", print(step.ws.Z[2]));
    block.expect("Y", print(step.ws.Y()));
    block.expect("loss", print(step.loss));
    block.expect_no_more();
}

TEST_CASE("backprop.md: the backward pass by hand is what the library computes") {
    const Step step(Loss::cross_entropy);
    Block block("cross-entropy: backward");
    block.expect("dZ2", print(step.ws.dZ[2]));
    block.expect("dW2", print(step.network.as<Dense>(2).dW));
    block.expect("db2", print(step.network.as<Dense>(2).db));
    block.expect("dA1", print(step.ws.dA[1]));
    block.expect("dZ1", print(step.ws.dZ[1]));
    block.expect("dW1", print(step.network.as<Dense>(1).dW));
    block.expect("db1", print(step.network.as<Dense>(1).db));
    block.expect("dX", print(step.ws.dA[0]));
    block.expect_no_more();
}

TEST_CASE("backprop.md: the update by hand is what the library computes and lowers the loss") {
    Step step(Loss::cross_entropy);
    const double loss_after = step.loss_after_update(Loss::cross_entropy);
    Block block("cross-entropy: after one step");
    block.expect("W1_after", print(step.network.as<Dense>(1).W));
    block.expect("b1_after", print(step.network.as<Dense>(1).b));
    block.expect("W2_after", print(step.network.as<Dense>(2).W));
    block.expect("b2_after", print(step.network.as<Dense>(2).b));
    block.expect("loss_after", print(loss_after));
    block.expect_no_more();
    CHECK(loss_after < step.loss);
}

TEST_CASE("backprop.md: the step with the mean squared error is what the library computes") {
    Step step(Loss::mean_squared_error);
    Matrix f_prime;  // what tanh' multiplies by
    activation_backward(f_prime, Matrix(2, 2, 1), step.ws.Y(), {Activation::Kind::tanh});
    Block block("mean squared error");
    block.expect("loss", print(step.loss));
    block.expect("dY", print(step.ws.dA[2]));
    block.expect("f_prime", print(f_prime));
    block.expect("dZ2", print(step.ws.dZ[2]));
    block.expect("dW2", print(step.network.as<Dense>(2).dW));
    block.expect("db2", print(step.network.as<Dense>(2).db));
    block.expect("dW1", print(step.network.as<Dense>(1).dW));
    block.expect("db1", print(step.network.as<Dense>(1).db));
    const double loss_after = step.loss_after_update(Loss::mean_squared_error);
    block.expect("loss_after", print(loss_after));
    block.expect_no_more();
    CHECK(loss_after < step.loss);
}

/// The value of an arithmetic expression with + - * / ^ ( ) tanh and ln, by recursive descent.
class Expression {
public:
    explicit Expression(const std::string& text) {
        std::ranges::copy_if(text, std::back_inserter(text_), [](char c) { return c != ' '; });
    }

    double value() {
        const double result = sum();
        REQUIRE_MESSAGE(position_ == text_.size(), "not an expression: " << text_);
        return result;
    }

private:
    bool accept(const std::string& token) {
        const bool found = text_.compare(position_, token.size(), token) == 0;
        position_ += found ? token.size() : 0;
        return found;
    }
    double sum() {
        double result = accept("-") ? -product() : product();
        while (true) {
            if (accept("+")) {
                result += product();
            } else if (accept("-")) {
                result -= product();
            } else {
                return result;
            }
        }
    }
    double product() {
        double result = power();
        while (true) {
            if (accept("*")) {
                result *= power();
            } else if (accept("/")) {
                result /= power();
            } else {
                return result;
            }
        }
    }
    double power() {
        const double base = factor();
        return accept("^") ? std::pow(base, factor()) : base;
    }
    double factor() {
        if (accept("tanh")) {
            return std::tanh(factor());
        }
        if (accept("ln")) {
            return std::log(factor());
        }
        if (accept("(")) {
            const double result = sum();
            REQUIRE_MESSAGE(accept(")"), "not closed: " << text_);
            return result;
        }
        std::size_t length = 0;
        const double result = std::stod(text_.substr(position_), &length);
        position_ += length;
        return result;
    }

    std::string text_;
    std::size_t position_ = 0;
};

TEST_CASE("backprop.md: the written-out elements are right and repeat the numbers of the blocks") {
    const auto blocks = titled_blocks();
    std::map<std::string, std::vector<double>> values;
    std::set<std::string> printed;  // every number that a block shows
    const std::regex number("-?[0-9]+\\.[0-9]{6}");
    for (const std::string title :
         {"cross-entropy: forward", "cross-entropy: backward", "cross-entropy: after one step"}) {
        REQUIRE(blocks.contains(title));
        for (const std::string& line : blocks.at(title)) {
            values[line.substr(0, line.find(' '))] = numbers_in(line);
            for (std::sregex_iterator it(line.begin(), line.end(), number), end; it != end; ++it) {
                printed.insert(it->str());
            }
        }
    }

    REQUIRE(blocks.contains("by hand"));
    const std::vector<std::string>& lines = blocks.at("by hand");
    CHECK(lines.size() == 14);
    // Z1(0,0) = ... = 0.875000, or b1(1), or loss
    const std::regex form("(\\w+)(\\(([0-9])(,([0-9]))?\\))? = (.*) = (-?[0-9.]+)");
    for (const std::string& line : lines) {
        std::smatch m;
        REQUIRE_MESSAGE(std::regex_match(line, m, form), "by hand: " << line);
        REQUIRE_MESSAGE(values.contains(m.str(1)), "by hand: " << line);
        std::size_t position = 0;
        if (m[5].matched) {
            position = 2 * std::stoul(m.str(3)) + std::stoul(m.str(5));
        } else if (m[3].matched) {
            position = std::stoul(m.str(3));
        }
        CHECK_MESSAGE(m.str(7) == print(values.at(m.str(1)).at(position)).text,
                      "by hand: " << line);
        const std::string expression = m.str(6);
        const double value = Expression(expression).value();
        CHECK_MESSAGE(std::abs(value - std::stod(m.str(7))) < 2e-6,
                      "by hand: the left side is " << value << " in " << line);
        for (std::sregex_iterator it(expression.begin(), expression.end(), number), end; it != end;
             ++it) {
            CHECK_MESSAGE(printed.contains(it->str()), "by hand: " << it->str() << " in " << line);
        }
    }
}

TEST_CASE("backprop.md: the gradients of a wrong pixel are what the library computes") {
    Vector z, f_prime, mse, mse_dz, cross_entropy, cross_entropy_dz;
    const Matrix t = {{-1}}, one = {{1}};
    for (const int value : {0, 1, 2, 3, 5, 10, 20}) {
        Matrix Z(1, 1, static_cast<Scalar>(value)), Y, dY, dZ, slope;
        const Activation f{Activation::Kind::tanh};
        activation_forward(Y, Z, f);
        activation_backward(slope, one, Y, f);
        z.push_back(Z(0, 0));
        f_prime.push_back(slope(0, 0));
        mse.push_back(
            static_cast<Scalar>(output_loss(dZ, dY, Z, Y, t, Loss::mean_squared_error, f)));
        mse_dz.push_back(dZ(0, 0));
        cross_entropy.push_back(
            static_cast<Scalar>(output_loss(dZ, dY, Z, Y, t, Loss::cross_entropy, f)));
        cross_entropy_dz.push_back(dZ(0, 0));
    }
    Block block("a wrong pixel");
    block.expect("z", print(z, "%.2e"));
    block.expect("f_prime", print(f_prime, "%.2e"));
    block.expect("mse", print(mse, "%.2e"));
    block.expect("mse_dz", print(mse_dz, "%.2e"));
    block.expect("cross_entropy", print(cross_entropy, "%.2e"));
    block.expect("cross_entropy_dz", print(cross_entropy_dz, "%.2e"));
    block.expect_no_more();
}

TEST_CASE("backprop.md: every text block is checked") {
    const std::set<std::string> checked = {"given",
                                           "cross-entropy: forward",
                                           "cross-entropy: backward",
                                           "cross-entropy: after one step",
                                           "by hand",
                                           "mean squared error",
                                           "a wrong pixel"};
    for (const auto& block : titled_blocks()) {
        CHECK_MESSAGE(checked.contains(block.first),
                      "no test checks the text block " << block.first);
    }
}

/// Every run of white space as one blank, so that a new indentation is no difference.
std::string in_one_line(const std::string& text) {
    std::istringstream words(text);
    std::string result;
    for (std::string word; words >> word;) {
        result += word + " ";
    }
    return result;
}

// This compares text. Code that computes the same in other words is right, and passes the tests of nn; it is
// the document that then has to follow.
TEST_CASE("backprop.md: every quoted line of code stands in the sources") {
    std::string sources;
    for (const char* room :
         {"include/hourglass/core", "include/hourglass/nn", "src/core", "src/nn"}) {
        for (const auto& file : std::filesystem::recursive_directory_iterator(source_dir / room)) {
            if (file.is_regular_file()) {
                sources += in_one_line(read_text(file.path()));
            }
        }
    }
    const std::vector<std::string> quotes = fenced_blocks("cpp");
    CHECK(quotes.size() >= 15);
    for (const std::string& quote : quotes) {
        CHECK_MESSAGE(
            sources.find(in_one_line(quote)) != std::string::npos,
            "docs/backprop.md quotes this code, and src/ and include/ no longer have it so. If the "
            "change is meant, quote the new code there; whether it computes the same is not what "
            "is asked here, but in the tests of nn:\n"
                << quote);
    }
}

}  // namespace
