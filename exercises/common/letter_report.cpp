#include "common/letter_report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "hourglass/analysis/confusion.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/formatting.hpp"

namespace hourglass {

void print_wrong_letters(const Font& font, const Matrix& Y, const Matrix& codes, std::ostream& output) {
    const Matrix X = font.pixels(), distances = latent_distances(codes);
    const std::vector<std::size_t> wrong = wrong_pixels(Y, X), taken = taken_for(Y, X);
    const std::vector<std::size_t> nearest = nearest_others(distances);
    const char* title = "\nLetters with wrong pixels, and the letter of the nearest code\n";
    for (std::size_t i = 0; i < font.size(); ++i) {
        if (wrong[i] == 0) {
            continue;
        }
        output << title << "  " << padded(font.glyphs[i].name, 6) << " " << padded(std::to_string(wrong[i]), 4);
        title = "";
        if (const std::size_t j = nearest[i]; j != i) {
            output << padded(font.glyphs[j].name, 6) << text(" %8.3g away", static_cast<double>(distances(i, j)));
        }
        output << (taken[i] == i ? "" : "  taken for " + font.glyphs[taken[i]].name) << "\n";
    }
}

void print_sample(const Font& font, const std::string& what, const NewSample& sample, std::ostream& output) {
    output << "\n"
           << what << sample.nearest.distance << " pixels from its nearest letter, "
           << font.glyphs[sample.nearest.sample].name << "\n"
           << text_art(sample.image, font.width);
}

void print_scores(const NamedScore& score, const DenoiserTest& test, const std::vector<Method>& methods,
                  std::ostream& output) {
    output << text("\n%-30s", score.title);
    for (const double level : test.levels) {
        output << text(" %8g", level);
    }
    output << "\n";
    for (const Method& method : methods) {
        output << text("  %-28s", method.name.c_str());
        for (const Scores& scores : method.scores) {
            output << text(score.format, score.factor * (scores.*score.value));
        }
        output << "\n";
    }
}

void print_neighbours(const NeighbourSummary& rho, double level, std::ostream& output) {
    output << text("\nNeighbours and confusion at %g, Spearman's rank correlation over all pairs\n", level);
    const auto line = [&](const char* name, const MeanInterval& mean) {
        output << text("  %-34s %6.2f", name, mean.mean)
               << (rho.seeds > 1 ? text("   (95 %%: %.2f to %.2f over %zu seeds)\n", mean.low, mean.high, rho.seeds)
                                 : "\n");
    };
    line("distance of the codes", rho.latent);
    line("distance of the letters in pixels", rho.hamming);
    const MeanInterval& d = rho.advantage;
    if (std::isnan(d.low)) {
        output << "  One seed, or no variation: which of the two says more is not decided (try --seeds 3).\n";
    } else if (d.low > 0 || d.high < 0) {
        output << "  With these seeds, the distance " << (d.low > 0 ? "in pixels" : "of the codes")
               << " says more about confusions than that " << (d.low > 0 ? "of the codes.\n" : "in pixels.\n");
    } else {
        output << "  The difference between the two is within its uncertainty.\n";
    }
}

std::string scores_csv(const DenoiserTest& test, const std::vector<Method>& methods) {
    CsvTable table("method,level,exact,at_most_one_wrong,wrong_pixels,mse");
    for (const Method& method : methods) {
        for (std::size_t l = 0; l < test.levels.size(); ++l) {
            const Scores& s = method.scores[l];
            table.add(method.name, {test.levels[l], s.exact, s.at_most_one, s.wrong, s.mse});
        }
    }
    return table.text();
}

Json to_json(const DenoiserTest& test, const std::vector<Method>& methods) {
    Json json;
    for (const NamedScore& score : named_scores) {
        for (std::size_t l = 0; l < test.levels.size(); ++l) {
            for (const Method& method : methods) {
                json[score.key][text("%g", test.levels[l])][method.key] = method.scores[l].*score.value;
            }
        }
    }
    return json;
}

}  // namespace hourglass
