#include "hourglass/analysis/latent.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/core/rows.hpp"

namespace hourglass {

LatentBox bounding_box(const Matrix& codes, double margin) {
    assert(codes.rows() > 0 && codes.cols() >= 2);
    double low[2], high[2];
    for (const std::size_t axis : {0u, 1u}) {
        low[axis] = high[axis] = static_cast<double>(codes(0, axis));
        for (std::size_t i = 0; i < codes.rows(); ++i) {
            low[axis] = std::min(low[axis], static_cast<double>(codes(i, axis)));
            high[axis] = std::max(high[axis], static_cast<double>(codes(i, axis)));
        }
        double extent = high[axis] - low[axis];
        if (extent == 0) {
            extent = 1;  // all codes on one line: still something to draw
        }
        low[axis] -= margin * extent;
        high[axis] += margin * extent;
    }
    return {low[0], high[0], low[1], high[1]};
}

Matrix grid_codes(const LatentBox& box, std::size_t columns, std::size_t rows) {
    Matrix codes(columns * rows, 2);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) {
            const double right = (static_cast<double>(c) + 0.5) / static_cast<double>(columns);
            const double down = (static_cast<double>(r) + 0.5) / static_cast<double>(rows);
            codes(r * columns + c, 0) = static_cast<Scalar>(box.x_min + right * box.width());
            codes(r * columns + c, 1) = static_cast<Scalar>(box.y_max - down * box.height());
        }
    }
    return codes;
}

Matrix grid_codes(const LatentBox& box, std::size_t columns, std::size_t rows,
                  std::span<const Scalar> through) {
    const Matrix plane = grid_codes(box, columns, rows);
    Matrix codes(plane.rows(), through.size());
    for (std::size_t p = 0; p < codes.rows(); ++p) {
        std::ranges::copy(through, codes.row(p).begin());
        std::ranges::copy(plane.row(p), codes.row(p).begin());
    }
    return codes;
}

std::size_t affordable_fineness(const Autoencoder& model, std::size_t wanted) {
    constexpr double most = 8e9;  // multiplications, if half of the parameters are the decoder's
    const double points = most / static_cast<double>(model.parameter_count());
    const std::size_t least = std::min<std::size_t>(10, wanted);
    return std::clamp(static_cast<std::size_t>(std::sqrt(points)), least, wanted);
}

Matrix apply_in_blocks(const Network& network, std::size_t first, std::size_t last, const Matrix& X) {
    constexpr std::size_t most = 1 << 21;  // numbers in a layer's matrix: 8 MB of float
    const std::size_t rows = std::max<std::size_t>(1, most / std::ranges::max(network.widths()));
    Matrix result(X.rows(), network.layer(last).out());
    Matrix block;
    std::vector<std::size_t> indices;
    for (std::size_t begin = 0; begin < X.rows(); begin += rows) {
        indices.resize(std::min(rows, X.rows() - begin));
        std::iota(indices.begin(), indices.end(), begin);
        gather_rows(block, X, indices);
        std::ranges::copy(network.apply(first, last, block).flat(), result.row(begin).begin());
    }
    return result;
}

Matrix encode_in_blocks(const Autoencoder& model, const Matrix& X) {
    return apply_in_blocks(model, 1, model.latent_layer(), X);
}

Matrix decode_in_blocks(const Autoencoder& model, const Matrix& codes) {
    return apply_in_blocks(model, model.latent_layer() + 1, model.depth(), codes);
}

Matrix line_codes(std::span<const Scalar> from, std::span<const Scalar> to, std::size_t steps) {
    assert(steps >= 2 && from.size() == to.size());
    Matrix codes(steps, from.size());
    for (std::size_t s = 0; s < steps; ++s) {
        const Scalar t = static_cast<Scalar>(s) / static_cast<Scalar>(steps - 1);
        for (std::size_t k = 0; k < from.size(); ++k) {
            codes(s, k) = (1 - t) * from[k] + t * to[k];
        }
    }
    return codes;
}

Nearest nearest_sample(std::span<const Scalar> image, const Matrix& X) {
    Nearest nearest{0, X.cols() + 1};
    for (std::size_t i = 0; i < X.rows(); ++i) {
        const std::size_t distance = wrong_pixels(image, X.row(i));
        if (distance < nearest.distance) {
            nearest = {i, distance};
        }
    }
    return nearest;
}

std::vector<NewSample> decoded_samples(const Autoencoder& model, const Matrix& X, const Matrix& codes) {
    const Matrix of_samples = model.encode(X);
    const Matrix images = model.decode(codes);
    std::vector<NewSample> result;
    for (std::size_t i = 0; i < codes.rows(); ++i) {
        const auto code = codes.row(i), image = images.row(i);
        const Nearest nearest = nearest_sample(image, X);
        result.push_back({{code.begin(), code.end()},
                          {image.begin(), image.end()},
                          nearest,
                          std::sqrt(squared_distance(code, of_samples.row(nearest.sample)))});
    }
    return result;
}

std::vector<NewSample> new_samples(const Autoencoder& model, const Matrix& X, std::size_t count,
                                   double crispness, std::size_t apart) {
    const std::size_t fineness = affordable_fineness(model, 60);
    const Matrix codes = model.encode(X);
    const Matrix points = grid_codes(bounding_box(codes, 0), fineness, fineness);
    const Matrix images = decode_in_blocks(model, points);
    std::vector<Nearest> nearest(points.rows());
    std::vector<std::size_t> candidates;
    for (std::size_t p = 0; p < points.rows(); ++p) {
        double size = 0;
        for (const Scalar y : images.row(p)) {
            size += std::abs(static_cast<double>(y)) / static_cast<double>(images.cols());
        }
        nearest[p] = nearest_sample(images.row(p), X);
        if (size >= crispness && nearest[p].distance > 0) {
            candidates.push_back(p);
        }
    }
    std::ranges::stable_sort(candidates, [&](std::size_t p, std::size_t q) {
        return nearest[p].distance > nearest[q].distance;
    });
    std::vector<NewSample> result;
    for (const std::size_t p : candidates) {
        const bool distinct = std::ranges::all_of(result, [&](const NewSample& chosen) {
            return wrong_pixels(chosen.image, images.row(p)) >= apart;
        });
        if (result.size() < count && distinct) {
            const auto code = points.row(p);
            const auto image = images.row(p);
            result.push_back({{code.begin(), code.end()},
                              {image.begin(), image.end()},
                              nearest[p],
                              std::sqrt(squared_distance(code, codes.row(nearest[p].sample)))});
        }
    }
    return result;
}

}  // namespace hourglass
