#include "hourglass/analysis/evaluation.hpp"

#include <algorithm>

#include "hourglass/analysis/classifier.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "hourglass/nn/minibatches.hpp"

namespace hourglass {

void Tally::add(double loss, const Workspace& ws, const Matrix& T) {
    const auto n = static_cast<double>(T.rows());
    double kl = 0;
    for (const Pass& pass : ws.pass) {
        kl += pass.penalty;
    }
    samples_ += n;
    loss_ += n * loss;
    kl_ += n * kl;
    for (std::size_t i = 0; i < T.rows(); ++i) {
        right_ += most_probable_class(T.row(i)) == most_probable_class(ws.Y().row(i));
    }
}

SetScores Tally::mean() const {
    return {(loss_ - kl_) / samples_, kl_ / samples_, right_ / samples_};
}

SetScores score(const Autoencoder& model, const Matrix& X, const Matrix& T, Loss loss, std::uint64_t seed) {
    // Whose numbers stay in the cache; of large images fewer, for the layers between take memory.
    const std::size_t widest = std::ranges::max(model.widths());
    const std::size_t block = std::clamp<std::size_t>((1 << 22) / widest, 1, 250);
    Workspace ws(model);
    const std::size_t latent = model.latent_layer();
    if (dynamic_cast<const Sampling*>(&model.layer(latent)) != nullptr) {
        ws.pass[latent].mode = Pass::Mode::train;
        ws.pass[latent].rng = Rng(seed);
    }
    Tally tally;
    Minibatches blocks(X, T, block);
    for (const Batch& batch : blocks) {
        model.forward(ws, batch.X);
        tally.add(model.loss(ws, batch.T, loss), ws, batch.T);
    }
    return tally.mean();
}

}  // namespace hourglass
