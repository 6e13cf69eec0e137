#include "hourglass/data/noisy_set.hpp"

#include <algorithm>
#include <utility>

namespace hourglass {

Matrix repeated(const Matrix& X, std::size_t count) {
    Matrix result(count * X.rows(), X.cols());
    for (std::size_t i = 0; i < result.rows(); ++i) {
        std::ranges::copy(X.row(i % X.rows()), result.row(i).begin());
    }
    return result;
}

NoisySet::NoisySet(const Matrix& X, Noise::Kind kind, std::vector<double> levels, std::size_t sets)
    : clean(repeated(X, levels.size() * sets)),
      noisy(clean),
      block_clean_(repeated(X, sets)),
      kind_(kind),
      levels_(std::move(levels)) {}

void NoisySet::distort(Rng& rng) {
    auto destination = noisy.flat().begin();
    for (const double level : levels_) {
        add_noise(block_, block_clean_, {kind_, level}, rng);
        destination = std::ranges::copy(block_.flat(), destination).out;
    }
}

std::size_t NoisySet::bytes() const {
    return sizeof(Scalar) * (clean.size() + noisy.size() + block_clean_.size() + block_.size());
}

}  // namespace hourglass
