#pragma once

#include <iosfwd>
#include <string>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/data/font.hpp"

// What there is to say of letters and their codes, in words.

namespace hourglass {

/// The letters that are not exact: how many pixels are wrong, and why: with which letter the network mixes it
/// up, and whose code crowds its own.
/// @param Y      what became of the letters (n, d)
/// @param codes  theirs (n, latent size)
void print_wrong_letters(const Font& font, const Matrix& Y, const Matrix& codes, std::ostream& output);

/// A sample of the latent space, and the letter that it is most like.
/// @param what  it is: "A new letter, "
void print_sample(const Font& font, const std::string& what, const NewSample& sample, std::ostream& output);

}  // namespace hourglass
