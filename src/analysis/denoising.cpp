#include "hourglass/analysis/denoising.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hourglass/analysis/ideal_denoiser.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/data/noisy_set.hpp"

namespace hourglass {
namespace {

Scores score(const Matrix& Y, const Matrix& T) {
    const PixelErrors errors = count_pixel_errors(Y, T);
    const double n = static_cast<double>(T.rows());
    return {static_cast<double>(errors.exact) / n, static_cast<double>(errors.at_most_one) / n,
            errors.mean, mean_squared_difference(Y, T)};
}

/// By how much more of the letters A recovers exactly than B, as a share, and the standard error of that:
/// both saw the same draws, so it is the differences that scatter.
std::pair<double, double> difference(const Matrix& A, const Matrix& B, const Matrix& T) {
    const double n = static_cast<double>(T.rows());
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < T.rows(); ++i) {
        const double d = (wrong_pixels(A.row(i), T.row(i)) == 0 ? 1 : 0) -
                         (wrong_pixels(B.row(i), T.row(i)) == 0 ? 1 : 0);
        sum += d;
        squares += d * d;
    }
    const double mean = sum / n;
    return {mean, std::sqrt(std::max(0.0, squares / n - mean * mean) / n)};
}

}  // namespace

std::size_t DenoiserTest::nearest_level(double level) const {
    const auto distance = [level](double other) { return std::abs(other - level); };
    return static_cast<std::size_t>(std::ranges::min_element(levels, {}, distance) - levels.begin());
}

Matrix denoise(const Autoencoder& model, const Matrix& noisy, int passes) {
    Matrix image = noisy;
    for (int pass = 0; pass < passes; ++pass) {
        image = model.reconstruct(image);
    }
    return image;
}

const Method* Evaluation::find(const std::string& key) const {
    const auto found = std::ranges::find(methods, key, &Method::key);
    return found == methods.end() ? nullptr : &*found;
}

Evaluation evaluate_denoisers(const DenoiserTest& test, const Matrix& X, const Autoencoder& model,
                              const Autoencoder* plain, std::uint64_t seed) {
    Evaluation result;
    result.methods = {
        {"do_nothing", "do nothing", {}},
        {"without_noise", "network trained without noise", {}},
        {"network_one_pass", "network, one pass", {}},
        {"network",
         test.passes == 1 ? "network" : "network, " + std::to_string(test.passes) + " passes",
         {}},
        {"nearest_letter", "nearest letter (by signs)", {}},
        {"ideal", "ideal: most probable letter", {}},
        {"ideal_mean", "ideal: posterior mean", {}}};
    if (!plain) {
        result.methods.erase(result.methods.begin() + 1);
    }
    const Matrix T = repeated(X, static_cast<std::size_t>(test.draws));
    std::vector<std::size_t> truth(T.rows());
    for (std::size_t i = 0; i < truth.size(); ++i) {
        truth[i] = i % X.rows();
    }
    Rng rng(seed ^ 0x6576616c75617465);  // not the stream that training draws from
    for (const double level : test.levels) {
        Matrix noisy;
        add_noise(noisy, T, {test.noise, level}, rng);
        const IdealDenoiser ideal(X, {test.noise, level});
        const Matrix cleaned = denoise(model, noisy, test.passes);
        const Matrix most_probable = rows_of(X, ideal.most_probable(noisy));
        std::vector<Matrix> answers = {noisy};  // in the order of the methods
        if (plain) {
            answers.push_back(denoise(*plain, noisy, test.passes));
        }
        answers.insert(answers.end(),
                       {model.reconstruct(noisy), cleaned, rows_of(X, taken_for(noisy, X)),
                        most_probable, ideal.posterior_mean(noisy)});
        for (std::size_t m = 0; m < result.methods.size(); ++m) {
            result.methods[m].scores.push_back(score(answers[m], T));
        }
        const auto [distance, error] = difference(most_probable, cleaned, T);
        result.below_ideal.push_back(distance);
        result.below_ideal_error.push_back(error);
        result.confusion.push_back(confusion_counts(X.rows(), truth, taken_for(cleaned, X)));
    }
    return result;
}

Evaluation mean_of(const std::vector<Evaluation>& evaluations) {
    Evaluation mean = evaluations.front();
    const double n = static_cast<double>(evaluations.size());
    for (std::size_t m = 0; m < mean.methods.size(); ++m) {
        for (std::size_t l = 0; l < mean.methods[m].scores.size(); ++l) {
            Scores sum;
            for (const Evaluation& evaluation : evaluations) {
                const Scores& s = evaluation.methods[m].scores[l];
                for (const auto score :
                     {&Scores::exact, &Scores::at_most_one, &Scores::wrong, &Scores::mse}) {
                    sum.*score += s.*score / n;
                }
            }
            mean.methods[m].scores[l] = sum;
        }
    }
    for (std::size_t l = 0; l < mean.below_ideal.size(); ++l) {
        double sum = 0, squares = 0;
        for (const Evaluation& evaluation : evaluations) {
            sum += evaluation.below_ideal[l] / n;
            squares += evaluation.below_ideal_error[l] * evaluation.below_ideal_error[l];
        }
        mean.below_ideal[l] = sum;
        mean.below_ideal_error[l] = std::sqrt(squares) / n;
    }
    for (std::size_t e = 1; e < evaluations.size(); ++e) {
        for (std::size_t l = 0; l < mean.confusion.size(); ++l) {
            const auto more = evaluations[e].confusion[l].flat();
            const auto counts = mean.confusion[l].flat();
            for (std::size_t i = 0; i < counts.size(); ++i) {
                counts[i] += more[i];
            }
        }
    }
    return mean;
}

double points_below_ideal(const DenoiserTest& test, const Evaluation& evaluation,
                          const std::vector<double>& trained_at) {
    double largest = -INFINITY;
    for (std::size_t l = 0; l < test.levels.size(); ++l) {
        if (std::ranges::count(trained_at, test.levels[l]) > 0) {
            largest = std::max(largest, 100 * evaluation.below_ideal[l]);
        }
    }
    return largest;
}

NeighbourCorrelations measure_neighbours(const Autoencoder& model, const Matrix& X, const Matrix& confusion) {
    NeighbourCorrelations result;
    result.pairs = pair_table(model.encode(X), X, confusion);
    result.spearman_latent = spearman(result.pairs.latent_distance, result.pairs.confusion);
    result.spearman_hamming = spearman(result.pairs.hamming_distance, result.pairs.confusion);
    return result;
}

NeighbourSummary mean_of(const std::vector<NeighbourCorrelations>& seeds) {
    const auto cut = [](MeanInterval interval) {
        return MeanInterval{interval.mean, std::max(interval.low, -1.0), std::min(interval.high, 1.0)};
    };
    const auto advantage = [](const NeighbourCorrelations& n) {
        return std::abs(n.spearman_hamming) - std::abs(n.spearman_latent);
    };
    return {seeds.size(), cut(mean_interval(numbers_of(seeds, &NeighbourCorrelations::spearman_latent))),
            cut(mean_interval(numbers_of(seeds, &NeighbourCorrelations::spearman_hamming))),
            mean_interval(numbers_of(seeds, advantage))};
}

}  // namespace hourglass
