#include "hourglass/plot/variational_pictures.hpp"

#include <algorithm>
#include <functional>

#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/latent_map.hpp"

namespace hourglass {

void draw_costs(Pictures& pictures, const std::string& title, const std::string& y_label,
                const std::vector<double>& loss, const std::vector<double>& beta_kl, double beta,
                double entropy) {
    const std::string kl = beta == 1 ? "KL" : text("%g KL", beta);
    std::vector<double> reconstruction = loss;
    std::ranges::transform(reconstruction, beta_kl, reconstruction.begin(), std::minus());
    std::vector<Curve> curves = {{"reconstruction + " + kl, smoothed(loss), {}, {}, {}},
                                 {"reconstruction", smoothed(reconstruction), {}, {}, {}},
                                 {kl, smoothed(beta_kl), {}, {}, {}}};
    if (entropy > 0) {
        curves.push_back(
            {text("entropy of the set: %.3f", entropy), std::vector(loss.size(), entropy), {}, {}, {}});
    }
    CurveChart chart;
    chart.title = title;
    chart.y_label = y_label + text(", mean of %zu epochs", loss.size() / 100 + 1);
    chart.mark_lowest = false;
    draw_curves(pictures, "error", chart, curves);
}

void draw_distributions(Pictures& pictures, const std::string& name, const std::string& title,
                        const Autoencoder& model, const PictureShape& shape, const Matrix& codes,
                        const std::vector<std::vector<double>>& sigma, const std::vector<std::string>& names,
                        const std::vector<Normal>& units) {
    constexpr double widest = 2.8;  // where the map ends, in standard deviations
    const Normal &x = units[0], &y = units[1];
    LatentMap map;
    map.title = title;
    map.shape = shape;
    map.codes = codes;
    map.labels = names;
    map.box = {x.mean - widest * x.deviation, x.mean + widest * x.deviation, y.mean - widest * y.deviation,
               y.mean + widest * y.deviation};
    map.columns = 24;
    map.rows = 18;
    map.images = decode_in_blocks(model, grid_codes(map.box, map.columns, map.rows));
    for (const int k : {1, 2}) {
        map.contours.push_back({x.mean, y.mean, k * x.deviation, k * y.deviation});
    }
    for (std::size_t i = 0; i < codes.rows() && !sigma.empty(); ++i) {
        map.ellipses.push_back(
            {static_cast<double>(codes(i, 0)), static_cast<double>(codes(i, 1)), sigma[0][i], sigma[1][i]});
    }
    draw_latent_map(pictures, name, map);
}

}  // namespace hourglass
