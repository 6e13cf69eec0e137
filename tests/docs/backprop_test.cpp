// Holds docs/backprop.md against the library: every number of its worked examples, and every line of
// code that it quotes. The numbers come from tests/reference/worked_example.py.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "docs/document.hpp"
#include "hourglass/nn/network.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "nn/testing.hpp"

using namespace hourglass;
using namespace hourglass::testing;

namespace {

const Document page("backprop.md");

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
        Block given(page, "given");
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
    Block block(page, "cross-entropy: forward");
    block.expect("Z1", print(step.ws.Z[1]));
    block.expect("A1", print(step.ws.A[1]));
    block.expect("Z2", print(step.ws.Z[2]));
    block.expect("Y", print(step.ws.Y()));
    block.expect("loss", print(step.loss));
    block.expect_no_more();
}

TEST_CASE("backprop.md: the backward pass by hand is what the library computes") {
    const Step step(Loss::cross_entropy);
    Block block(page, "cross-entropy: backward");
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
    Block block(page, "cross-entropy: after one step");
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
    Block block(page, "mean squared error");
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
    const auto blocks = page.titled_blocks();
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
    Block block(page, "a wrong pixel");
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
    page.expect_only(checked);
}

TEST_CASE("backprop.md: every quoted line of code stands in the sources") {
    page.expect_quotes(15);
}

}  // namespace
