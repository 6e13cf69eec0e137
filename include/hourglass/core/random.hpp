#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace hourglass {

/// A pseudo-random generator whose numbers are the same on every compiler, standard library and
/// processor. The standard's generators promise that too, but its distributions do not, so uniform,
/// normal, below and shuffle are here; they use only operations that IEEE 754 rounds exactly.
/// @see  Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators": xoshiro256++,
///       seeded by splitmix64 as its authors advise
class Rng {
public:
    explicit Rng(std::uint64_t seed);

    /// Starts from a state as it is, not from a seed. @pre  not all four words are zero
    explicit Rng(const std::array<std::uint64_t, 4>& state) : state_(state) {}

    /// 64 random bits.
    std::uint64_t bits();

    /// Uniform in [0, 1), a multiple of 2^-53.
    double uniform();

    /// Uniform in [low, high]; high itself only where rounding makes it so.
    double uniform(double low, double high);

    /// Normal with mean 0 and standard deviation 1.
    /// @see  Marsaglia & Bray 1964, the polar method
    double normal();

    /// Uniform in {0, ..., bound - 1}, without bias. @pre  bound > 0
    std::size_t below(std::size_t bound);

    /// Puts `values` into a random order, every order equally likely (Fisher & Yates).
    template <typename T>
    void shuffle(std::span<T> values) {
        for (std::size_t i = values.size(); i > 1; --i) {
            std::swap(values[i - 1], values[below(i)]);
        }
    }

private:
    std::array<std::uint64_t, 4> state_;
    std::optional<double> spare_normal_;  // the polar method makes two at a time
};

}  // namespace hourglass
