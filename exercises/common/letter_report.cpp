#include "common/letter_report.hpp"

#include <ostream>

#include "hourglass/analysis/confusion.hpp"
#include "hourglass/analysis/metrics.hpp"
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
            output << padded(font.glyphs[j].name, 6)
                   << text(" %8.3g away", static_cast<double>(distances(i, j)));
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

}  // namespace hourglass
