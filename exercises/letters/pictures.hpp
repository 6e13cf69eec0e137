#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hourglass/analysis/attractors.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/plot/pictures.hpp"
#include "letters/letters.hpp"

namespace hourglass::letters {

/// The positions in the font of the two letters that "a-b" names.
/// @throws Error  if it names no two letters of the font
std::pair<std::size_t, std::size_t> find_transition(const Font& font, const std::string& text);

/// k-h, w-u, f-{ and n-r where the font has them; otherwise four pairs of its letters.
std::vector<std::string> default_transitions(const Font& font);

void draw_error(Pictures& pictures, const Options& options, const Run& run);
void draw_seeds(Pictures& pictures, const Options& options, const SeedSummary& summary);
void draw_latent_space(Pictures& pictures, const Options& options, const Run& run);
void draw_reconstructions(Pictures& pictures, const Options& options, const Run& run);
void draw_transitions(Pictures& pictures, const Options& options, const Run& run);
void draw_attractors(Pictures& pictures, const Options& options, const AttractorMap& map,
                     const Matrix& codes);
void draw_forming(Pictures& pictures, const Options& options, const Run& run);
void draw_new_letters(Pictures& pictures, const Options& options,
                      const std::vector<NewSample>& samples);

}  // namespace hourglass::letters
