#include <algorithm>
#include <cmath>

#include "denoising/denoising.hpp"
#include "hourglass/analysis/ideal_denoiser.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/rank_correlation.hpp"

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

}  // namespace

const Method& Evaluation::method(const std::string& key) const {
    return *std::ranges::find(methods, key, &Method::key);
}

Evaluation evaluate(const Options& options, const Matrix& X, const Autoencoder& model,
                    const Autoencoder& plain, std::uint64_t seed) {
    Evaluation result;
    result.methods = {{"do_nothing", "do nothing", {}},
                      {"without_noise", "network trained without noise", {}},
                      {"network_one_pass", "network, one pass", {}},
                      {"network", text_of_passes(options.passes), {}},
                      {"nearest_letter", "nearest letter", {}},
                      {"ideal", "ideal: most probable letter", {}},
                      {"ideal_mean", "ideal: posterior mean", {}}};
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
        const Matrix answers[] = {noisy,
                                  denoise(plain, noisy, options.passes),
                                  model.reconstruct(noisy),
                                  cleaned,
                                  rows_of(X, taken_for(noisy, X)),
                                  rows_of(X, ideal.most_probable(noisy)),
                                  ideal.posterior_mean(noisy)};
        for (std::size_t m = 0; m < result.methods.size(); ++m) {
            result.methods[m].scores.push_back(score(answers[m], T));
        }
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
    const std::vector<Scores>& network = evaluation.method("network").scores;
    const std::vector<Scores>& ideal = evaluation.method("ideal").scores;
    double largest = 0;
    for (std::size_t l = 0; l < options.test_levels.size(); ++l) {
        if (std::ranges::count(options.train_levels, options.test_levels[l]) > 0) {
            largest = std::max(largest, 100 * (ideal[l].exact - network[l].exact));
        }
    }
    return largest;
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
