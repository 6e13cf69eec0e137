#pragma once

#include "hourglass/core/scalar.hpp"

namespace hourglass {

/// Points of a plane that push others away, each with the strength of so many: all of one length (m).
struct Repelling {
    Given x, y, mass;
};

/// How Student's t distribution with one degree of freedom lets points repel each other: what t-SNE spends its time on.
///   w_ij = 1 / (1 + |y_i - s_j|^2)     z_i = sum_j m_j w_ij     f_i = sum_j m_j w_ij^2 (y_i - s_j)
/// In a release build with AVX-512, w is right to 2 units in its last place.
/// @param fx, fy, z  overwritten; with x and y of one length (n)
/// @throws ShapeError  where lengths differ
void repulsion(Values fx, Values fy, Values z, Given x, Given y, const Repelling& s);

}  // namespace hourglass
