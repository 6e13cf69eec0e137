#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "common/json.hpp"
#include "hourglass/analysis/denoising.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/data/font.hpp"

// What there is to say of letters, their codes and those who clean them of noise.

namespace hourglass {

/// The letters that are not exact: how many pixels are wrong, and why: with which letter the network mixes it
/// up, and whose code crowds its own.
/// @param Y      what became of the letters (n, d)
/// @param codes  theirs (n, latent size)
void print_wrong_letters(const Font& font, const Matrix& Y, const Matrix& codes, std::ostream& output);

/// A sample of the latent space, and the letter that it is most like.
/// @param what  it is: "A new letter, "
void print_sample(const Font& font, const std::string& what, const NewSample& sample, std::ostream& output);

/// A score of a method: its name in results.json, and its table in the report.
struct NamedScore {
    const char* key;
    double Scores::*value;
    const char *title, *format;
    double factor;  // of the numbers there
};
constexpr NamedScore named_scores[] = {
    {"recovery", &Scores::exact, "Recovered exactly (%)", " %8.2f", 100},
    {"at_most_one_wrong", &Scores::at_most_one, "At most 1 wrong pixel (%)", " %8.2f", 100},
    {"wrong_pixels", &Scores::wrong, "Wrong pixels a letter", " %8.3f", 1},
    {"mse", &Scores::mse, "Mean squared error", " %8.4f", 1}};

/// That table: a line a method, a column a level.
void print_scores(const NamedScore& score, const DenoiserTest& test, const std::vector<Method>& methods,
                  std::ostream& output);

/// Which of two distances says more about confusions, that of the codes or that in pixels.
/// @param level  of the noise
void print_neighbours(const NeighbourSummary& rho, double level, std::ostream& output);

/// All scores of all methods, a line for each and level.
std::string scores_csv(const DenoiserTest& test, const std::vector<Method>& methods);

/// The same by score, level and method.
Json to_json(const DenoiserTest& test, const std::vector<Method>& methods);

}  // namespace hourglass
