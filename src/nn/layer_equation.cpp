#include "layer_equation.hpp"

#include "hourglass/nn/layers/average_pool.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/max_pool.hpp"

namespace hourglass {

LayerEquation::LayerEquation(const Layer& its_layer, const Pass& its_pass, const Matrix& its_X,
                             const Matrix& its_dZ)
    : layer(its_layer.copy()), pass(its_pass), X(its_X), dZ(its_dZ) {
    if (pass.mode == Pass::Mode::train) {
        pass.mode = Pass::Mode::replay;
    }
}

LayerEquation::LayerEquation(const LayerEquation& other)
    : LayerEquation(*other.layer, other.pass, other.X, other.dZ) {}

std::size_t numbers_of_place(const Layer& layer) {
    if (const auto* convolution = dynamic_cast<const Convolution*>(&layer)) {
        return convolution->W.rows();
    }
    if (const auto* pool = dynamic_cast<const MaxPool*>(&layer)) {
        return pool->window.image.channels;
    }
    if (const auto* pool = dynamic_cast<const AveragePool*>(&layer)) {
        return pool->window.image.channels;
    }
    return layer.out();
}

Derivatives LayerEquation::by(std::span<Scalar> values, const std::vector<std::size_t>& positions,
                              Parts parts, double h, bool skip_kinks) {
    const std::size_t side_by_side = numbers_of_place(*layer);
    const auto part = [&](std::size_t i, std::size_t j) {
        return parts == Parts::samples ? i : parts == Parts::units ? j : (i * Z.cols() + j) / side_by_side;
    };
    const Numbers phi = [&](std::vector<double>& sums) {
        layer->forward(Z, pass, X);
        sums.assign(part(Z.rows() - 1, Z.cols() - 1) + 2, 0);
        for (std::size_t i = 0; i < Z.rows(); ++i) {
            for (std::size_t j = 0; j < Z.cols(); ++j) {
                sums[part(i, j)] += static_cast<double>(dZ(i, j)) * static_cast<double>(Z(i, j));
            }
        }
        sums.back() = pass.penalty;
    };
    const Sides sides = [&](std::vector<int>& here) { layer->append_sides(here, X); };
    return central_differences(values, positions, phi, skip_kinks ? sides : Sides(), h);
}

}  // namespace hourglass
