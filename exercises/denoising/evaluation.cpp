#include <algorithm>
#include <cmath>
#include <utility>

#include "denoising/denoising.hpp"
#include "hourglass/analysis/ideal_denoiser.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/rank_correlation.hpp"
#include "hourglass/core/rows.hpp"

namespace hourglass::denoising {
namespace {

Scores score(const Matrix& Y, const Matrix& T) {
    const PixelErrors errors = count_pixel_errors(Y, T);
    const double n = static_cast<double>(T.rows());
    return {static_cast<double>(errors.exact) / n, static_cast<double>(errors.at_most_one) / n,
            errors.mean, mean_squared_difference(Y, T)};
}

/// `count` copies of X, one after the other.
Matrix repeated(const Matrix& X, std::size_t count) {
    Matrix result(count * X.rows(), X.cols());
    for (std::size_t i = 0; i < result.rows(); ++i) {
        std::ranges::copy(X.row(i % X.rows()), result.row(i).begin());
    }
    return result;
}

Matrix rows_of(const Matrix& X, const std::vector<std::size_t>& indices) {
    Matrix result;
    gather_rows(result, X, indices);
    return result;
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

const Method* Evaluation::find(const std::string& key) const {
    const auto found = std::ranges::find(methods, key, &Method::key);
    return found == methods.end() ? nullptr : &*found;
}

Evaluation evaluate(const Options& options, const Matrix& X, const Autoencoder& model,
                    const Autoencoder* plain, std::uint64_t seed) {
    Evaluation result;
    result.methods = {{"do_nothing", "do nothing", {}},
                      {"without_noise", "network trained without noise", {}},
                      {"network_one_pass", "network, one pass", {}},
                      {"network", text_of_passes(options.passes), {}},
                      {"nearest_letter", "nearest letter (by signs)", {}},
                      {"ideal", "ideal: most probable letter", {}},
                      {"ideal_mean", "ideal: posterior mean", {}}};
    if (!plain) {
        result.methods.erase(result.methods.begin() + 1);
    }
    const Matrix T = repeated(X, static_cast<std::size_t>(options.draws));
    std::vector<std::size_t> truth(T.rows());
    for (std::size_t i = 0; i < truth.size(); ++i) {
        truth[i] = i % X.rows();
    }
    Rng rng(seed ^ 0x6576616c75617465);  // not the stream that training draws from
    for (const double level : options.test_levels) {
        Matrix noisy;
        add_noise(noisy, T, {options.noise, level}, rng);
        const IdealDenoiser ideal(X, {options.noise, level});
        const Matrix cleaned = denoise(model, noisy, options.passes);
        const Matrix most_probable = rows_of(X, ideal.most_probable(noisy));
        std::vector<Matrix> answers = {noisy};  // in the order of the methods
        if (plain) {
            answers.push_back(denoise(*plain, noisy, options.passes));
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

std::string text_of_passes(int passes) {
    return passes == 1 ? "network" : "network, " + std::to_string(passes) + " passes";
}

Evaluation mean_of(const std::vector<Evaluation>& evaluations) {
    Evaluation mean = evaluations.front();
    const double n = static_cast<double>(evaluations.size());
    for (std::size_t m = 0; m < mean.methods.size(); ++m) {
        for (std::size_t l = 0; l < mean.methods[m].scores.size(); ++l) {
            Scores sum;
            for (const Evaluation& evaluation : evaluations) {
                const Scores& s = evaluation.methods[m].scores[l];
                sum.exact += s.exact / n;
                sum.at_most_one += s.at_most_one / n;
                sum.wrong += s.wrong / n;
                sum.mse += s.mse / n;
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

Neighbours measure_neighbours(const Autoencoder& model, const Matrix& X, const Matrix& confusion) {
    Neighbours result;
    result.pairs = pair_table(model.encode(X), X, confusion);
    result.spearman_latent = spearman(result.pairs.latent_distance, result.pairs.confusion);
    result.spearman_hamming = spearman(result.pairs.hamming_distance, result.pairs.confusion);
    return result;
}

double distance_to_ideal(const Options& options, const Evaluation& evaluation) {
    double largest = -INFINITY;
    for (std::size_t l = 0; l < options.test_levels.size(); ++l) {
        if (std::ranges::count(options.train_levels, options.test_levels[l]) > 0) {
            largest = std::max(largest, 100 * evaluation.below_ideal[l]);
        }
    }
    return largest;
}

bool criterion_met(const Options& options, const std::vector<SeedResult>& seeds,
                   const Evaluation& mean) {
    const bool complete =
        std::ranges::none_of(seeds, [](const SeedResult& seed) { return seed.run.stopped; });
    return complete && distance_to_ideal(options, mean) <= allowed_distance;
}

std::size_t confusion_level(const Options& options) {
    std::size_t nearest = 0;
    for (std::size_t l = 0; l < options.test_levels.size(); ++l) {
        if (std::abs(options.test_levels[l] - 0.2) < std::abs(options.test_levels[nearest] - 0.2)) {
            nearest = l;
        }
    }
    return nearest;
}

}  // namespace hourglass::denoising
