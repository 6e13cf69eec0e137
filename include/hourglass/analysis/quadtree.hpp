#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// Points of a plane in squares, each of which has four smaller ones inside. What is far away pushes about as if all its
/// points were at their centre.
/// @see  Barnes & Hut 1986; Barnes 1990, "A modified tree code": points that are close take the same squares for far
class Quadtree {
public:
    /// @param x, y  (n)
    void build(Given x, Given y);

    /// As repulsion() of the points by each other. A square of side s is taken as one where s / r < theta, with r from its
    /// centre of mass to the nearest that any of the pushed points, which are those of one leaf, could be.
    /// @param fx, fy, z  (n) of the points as build took them   @pre  theta > 0
    void repulsion(Values fx, Values fy, Values z, double theta) const;

private:
    struct Node {
        Scalar x = 0, y = 0;      // centre of mass
        Scalar mass = 0;          // how many points
        Scalar side = 0;          // of the square
        std::uint32_t first = 0;  // its points: first to last - 1
        std::uint32_t last = 0;
        std::uint32_t end = 0;    // the node after all that are inside; of a leaf, the next one
    };
    void add(std::uint32_t first, std::uint32_t last, int level, double side);
    void push_leaf(const Node& leaf, Values fx, Values fy, Values z, Scalar theta) const;

    std::vector<Node> nodes_;            // the whole plane, and after each square those inside
    std::vector<std::uint64_t> places_;  // (n) the path to each point in its upper half, the point in the lower
    Vector x_, y_;                       // (n) in that order
};

}  // namespace hourglass
