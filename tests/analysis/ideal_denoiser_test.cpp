#include "hourglass/analysis/ideal_denoiser.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/data/font.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using doctest::Approx;
using Kind = Noise::Kind;

// Three letters of four pixels, at unequal distances: 1 of the first two, 3 and 4 of the third.
const Matrix alphabet = {{1, 1, -1, -1}, {1, 1, 1, -1}, {-1, -1, -1, 1}};

constexpr double tolerance = testing::scalar_is_double ? 1e-12 : 1e-6;

/// All 2^d images of d pixels.
Matrix all_images(std::size_t d) {
    Matrix images(std::size_t{1} << d, d);
    for (std::size_t i = 0; i < images.rows(); ++i) {
        for (std::size_t j = 0; j < d; ++j) {
            images(i, j) = (i >> j & 1) == 1 ? Scalar{1} : Scalar{-1};
        }
    }
    return images;
}

/// joint[y][i] = P(letter i, noisy image y), pixel by pixel, of letters equally likely and flips of p.
std::vector<std::vector<double>> joint_probabilities(const Matrix& Y, const Matrix& X, double p) {
    std::vector<std::vector<double>> joint(Y.rows(), std::vector<double>(X.rows()));
    for (std::size_t y = 0; y < Y.rows(); ++y) {
        for (std::size_t i = 0; i < X.rows(); ++i) {
            joint[y][i] = 1 / static_cast<double>(X.rows());
            for (std::size_t j = 0; j < X.cols(); ++j) {
                joint[y][i] *= Y(y, j) == X(i, j) ? 1 - p : p;
            }
        }
    }
    return joint;
}

double sum(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// The noise that flips a pixel with probability p, in both of its forms.
std::vector<Noise> flips(double p) {
    std::vector<Noise> result = {{Kind::flip, p}};
    if (2 * p <= 1) {
        result.push_back({Kind::salt_and_pepper, 2 * p});
    }
    return result;
}

const std::vector<double> levels = {0.05, 0.2, 0.45, 0.5, 0.7, 0.95};

}  // namespace

TEST_CASE("IdealDenoiser: the posterior is that of enumeration") {
    const Matrix Y = all_images(4);
    for (const double p : levels) {
        const auto joint = joint_probabilities(Y, alphabet, p);
        for (const Noise& noise : flips(p)) {
            const IdealDenoiser denoiser(alphabet, noise);
            for (std::size_t y = 0; y < Y.rows(); ++y) {
                const auto posterior = denoiser.posterior(Y.row(y));
                REQUIRE(posterior.size() == 3);
                for (std::size_t i = 0; i < 3; ++i) {
                    CHECK(posterior[i] == Approx(joint[y][i] / sum(joint[y])).epsilon(1e-12));
                }
            }
        }
    }
}

TEST_CASE("IdealDenoiser: the most probable letter is right as often as enumeration says is possible") {
    const Matrix Y = all_images(4);
    for (const double p : levels) {
        const auto joint = joint_probabilities(Y, alphabet, p);
        double possible = 0;
        for (const auto& of_image : joint) {
            possible += std::ranges::max(of_image);
        }
        for (const Noise& noise : flips(p)) {
            const auto chosen = IdealDenoiser(alphabet, noise).most_probable(Y);
            double success = 0;
            for (std::size_t y = 0; y < Y.rows(); ++y) {
                success += joint[y][chosen[y]];
            }
            CHECK(success == Approx(possible).epsilon(1e-12));
        }
    }
}

TEST_CASE("IdealDenoiser: no decision rule at all is right more often") {
    const Matrix letters = {{1, 1, -1}, {1, 1, 1}, {-1, -1, -1}};
    const Matrix Y = all_images(3);
    for (const double p : {0.1, 0.3, 0.8}) {
        const auto joint = joint_probabilities(Y, letters, p);
        double best = 0;
        for (std::size_t rule = 0; rule < 6561; ++rule) {  // 3^8: a letter for each of 8 noisy images
            double success = 0;
            for (std::size_t y = 0, digits = rule; y < 8; ++y, digits /= 3) {
                success += joint[y][digits % 3];
            }
            best = std::max(best, success);
        }
        const auto chosen = IdealDenoiser(letters, {Kind::flip, p}).most_probable(Y);
        double success = 0;
        for (std::size_t y = 0; y < 8; ++y) {
            success += joint[y][chosen[y]];
        }
        CHECK(success == Approx(best).epsilon(1e-12));
    }
}

TEST_CASE("IdealDenoiser: the posterior mean has the error of enumeration and no value a smaller one") {
    const Matrix Y = all_images(4);
    for (const double p : levels) {
        const auto joint = joint_probabilities(Y, alphabet, p);
        const Matrix mean = IdealDenoiser(alphabet, {Kind::flip, p}).posterior_mean(Y);
        REQUIRE(mean.rows() == 16);
        REQUIRE(mean.cols() == 4);
        double error = 0, expected = 0;
        for (std::size_t y = 0; y < 16; ++y) {
            for (std::size_t j = 0; j < 4; ++j) {
                // Of a pixel that is ink with probability q the variance is 4 q (1 - q).
                double ink = 0;
                const auto squared_error = [&](double value) {
                    double result = 0;
                    for (std::size_t i = 0; i < 3; ++i) {
                        const double difference = value - static_cast<double>(alphabet(i, j));
                        result += joint[y][i] * difference * difference;
                    }
                    return result;
                };
                for (std::size_t i = 0; i < 3; ++i) {
                    ink += alphabet(i, j) > 0 ? joint[y][i] / sum(joint[y]) : 0;
                }
                const double least = squared_error(static_cast<double>(mean(y, j)));
                error += least / 4;
                expected += sum(joint[y]) * 4 * ink * (1 - ink) / 4;
                for (double value = -1; value <= 1; value += 0.01) {
                    CHECK(squared_error(value) >= least - tolerance);
                }
            }
        }
        CHECK(std::abs(error - expected) < tolerance);
    }
}

TEST_CASE("IdealDenoiser: gaussian noise on one pixel gives the closed form") {
    // P(+1 | y) = 1 / (1 + exp(-2 y / sigma^2)), and the mean is tanh(y / sigma^2).
    const Matrix X = {{1}, {-1}};
    for (const double sigma : {0.3, 1.0, 2.5}) {
        const IdealDenoiser denoiser(X, {Kind::gaussian, sigma});
        for (const double value : {-2.0, -0.5, 0.0, 0.125, 1.5}) {
            const Vector y = {static_cast<Scalar>(value)};
            const double expected = 1 / (1 + std::exp(-2 * value / (sigma * sigma)));
            CHECK(denoiser.posterior(y)[0] == Approx(expected).epsilon(1e-12));
            CHECK(denoiser.posterior(y)[1] == Approx(1 - expected).epsilon(1e-9));
            const Matrix mean = denoiser.posterior_mean({{static_cast<Scalar>(value)}});
            CHECK(std::abs(static_cast<double>(mean(0, 0)) - std::tanh(value / (sigma * sigma))) < tolerance);
        }
    }
}

TEST_CASE("IdealDenoiser: gaussian noise on many pixels is their product") {
    const Vector y = {Scalar(0.5), Scalar(-0.25), Scalar(1.75), Scalar(-2)};
    const double sigma = 1.5;
    std::vector<double> likelihood(3, 1);
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 4; ++j) {
            const double z = (static_cast<double>(y[j]) - static_cast<double>(alphabet(i, j))) / sigma;
            likelihood[i] *= std::exp(-z * z / 2);
        }
    }
    const auto posterior = IdealDenoiser(alphabet, {Kind::gaussian, sigma}).posterior(y);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(posterior[i] == Approx(likelihood[i] / sum(likelihood)).epsilon(1e-12));
    }
}

TEST_CASE("IdealDenoiser: gaussian noise of next to nothing does not underflow") {
    const IdealDenoiser denoiser(alphabet, {Kind::gaussian, 1e-3});
    const Vector y = {Scalar(0.75), Scalar(0.75), Scalar(0.25), Scalar(-0.75)};
    CHECK(denoiser.posterior(y) == std::vector<double>{0, 1, 0});
}

TEST_CASE("IdealDenoiser: without noise only the image itself is possible") {
    for (const Kind kind : {Kind::flip, Kind::salt_and_pepper, Kind::gaussian}) {
        const IdealDenoiser denoiser(alphabet, {kind, 0});
        CHECK(denoiser.most_probable(alphabet) == std::vector<std::size_t>{0, 1, 2});
        CHECK(denoiser.posterior(alphabet.row(1)) == std::vector<double>{0, 1, 0});
        CHECK(denoiser.posterior_mean(alphabet) == alphabet);
        const Vector impossible = {-1, 1, -1, 1};
        for (const double probability : denoiser.posterior(impossible)) {
            CHECK(probability == Approx(1.0 / 3));  // nothing is known
        }
    }
}

TEST_CASE("IdealDenoiser: if every pixel is flipped it flips them back") {
    Matrix negative = alphabet;
    for (Scalar& pixel : negative.flat()) {
        pixel = -pixel;
    }
    const IdealDenoiser denoiser(alphabet, {Kind::flip, 1});
    CHECK(denoiser.most_probable(negative) == std::vector<std::size_t>{0, 1, 2});
    CHECK(denoiser.posterior_mean(negative) == alphabet);
}

TEST_CASE("IdealDenoiser: where nothing is left every letter is equally probable and the first is said") {
    for (const Noise& noise : {Noise{Kind::flip, 0.5}, Noise{Kind::salt_and_pepper, 1}}) {
        const IdealDenoiser denoiser(alphabet, noise);
        for (const double probability : denoiser.posterior(alphabet.row(2))) {
            CHECK(probability == Approx(1.0 / 3).epsilon(1e-12));
        }
        CHECK(denoiser.most_probable({{-1, -1, -1, 1}}) == std::vector<std::size_t>{0});
        const Matrix mean = denoiser.posterior_mean({{-1, -1, -1, 1}});
        CHECK(testing::largest_difference(mean, {{Scalar(1) / 3, Scalar(1) / 3, Scalar(-1) / 3, Scalar(-1) / 3}}) < tolerance);
    }
}

TEST_CASE("IdealDenoiser: on the letters of font 3 it is as good as was found before") {
    const Matrix X = read_font(HOURGLASS_SOURCE_DIR "/data/fonts/font3.txt").pixels();
    const double p[] = {0.05, 0.10, 0.15, 0.20};
    const double success[] = {0.995, 0.982, 0.941, 0.855};
    const double error[] = {0.0011, 0.0074, 0.0340, 0.1059};
    constexpr std::size_t draws = 200;
    Rng rng(11);
    for (std::size_t l = 0; l < 4; ++l) {
        CAPTURE(p[l]);
        const Noise noise = {Kind::flip, p[l]};
        const IdealDenoiser denoiser(X, noise);
        double right = 0, squares = 0, squares_squared = 0;
        Matrix noisy;
        for (std::size_t draw = 0; draw < draws; ++draw) {
            add_noise(noisy, X, noise, rng);
            const auto chosen = denoiser.most_probable(noisy);
            for (std::size_t i = 0; i < X.rows(); ++i) {
                right += chosen[i] == i;
            }
            const double mse = mean_squared_difference(denoiser.posterior_mean(noisy), X);
            squares += mse;
            squares_squared += mse * mse;
        }
        const double n = static_cast<double>(draws * X.rows());
        CHECK(std::abs(right / n - success[l]) < 0.001 + 4 * std::sqrt(success[l] * (1 - success[l]) / n));
        const double mean = squares / draws;
        const double deviation = std::sqrt((squares_squared / draws - mean * mean) / (draws - 1));
        CHECK(std::abs(mean - error[l]) < 0.0001 + 4 * deviation);
    }
}

}  // namespace hourglass
