#include "hourglass/analysis/quadtree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hourglass/core/repulsion.hpp"
#include "hourglass/core/threads.hpp"

namespace hourglass {
namespace {

constexpr int tree_levels = 16;           // two bits each
constexpr std::size_t leaf_points = 64;  // fewer: more walks through the tree; more: more points that are not far

/// The bits of a 16-bit number, with a zero before each.
std::uint32_t spread_bits(std::uint32_t v) {
    v = (v | v << 8) & 0x00ff00ff;
    v = (v | v << 4) & 0x0f0f0f0f;
    v = (v | v << 2) & 0x33333333;
    return (v | v << 1) & 0x55555555;
}

/// The part of a square at this level that the path of a place leads to: 0 to 3.
std::uint32_t quarter(std::uint64_t place, int level) {
    return static_cast<std::uint32_t>(place >> (62 - 2 * level)) & 3;
}

std::uint32_t point_of(std::uint64_t place) {
    return static_cast<std::uint32_t>(place);
}

}  // namespace

// The paths to all points, in order: then the points of a square follow each other.
void Quadtree::build(Given x, Given y) {
    const std::size_t n = x.size();
    const auto [x_min, x_max] = std::ranges::minmax(x);
    const auto [y_min, y_max] = std::ranges::minmax(y);
    const double side = std::max(static_cast<double>(std::max(x_max - x_min, y_max - y_min)),
                                 static_cast<double>(std::numeric_limits<Scalar>::min()));
    const double scale = 65535 / side;
    const auto cell = [scale](Scalar v, Scalar low) {
        return spread_bits(static_cast<std::uint32_t>((static_cast<double>(v) - static_cast<double>(low)) * scale));
    };
    places_.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        const std::uint64_t path = cell(x[i], x_min) | cell(y[i], y_min) << 1;
        places_[i] = path << 32 | i;
    }
    std::ranges::sort(places_);
    x_.resize(n);
    y_.resize(n);
    for (std::size_t p = 0; p < n; ++p) {
        x_[p] = x[point_of(places_[p])];
        y_[p] = y[point_of(places_[p])];
    }
    nodes_.clear();
    add(0, static_cast<std::uint32_t>(n), 0, side);
}

/// The square with the points first to last - 1, and all squares inside.
void Quadtree::add(std::uint32_t first, std::uint32_t last, int level, double side) {
    const std::size_t index = nodes_.size();
    double x = 0, y = 0;
    for (std::uint32_t p = first; p < last; ++p) {
        x += static_cast<double>(x_[p]);
        y += static_cast<double>(y_[p]);
    }
    const double mass = last - first;
    nodes_.push_back({static_cast<Scalar>(x / mass), static_cast<Scalar>(y / mass), static_cast<Scalar>(mass),
                      static_cast<Scalar>(side), first, last, 0});
    const bool is_leaf = last - first <= leaf_points || level == tree_levels;
    for (std::uint32_t begin = first, end = first; !is_leaf && begin < last; begin = end) {
        while (end < last && quarter(places_[end], level) == quarter(places_[begin], level)) {
            ++end;
        }
        add(begin, end, level + 1, side / 2);
    }
    nodes_[index].end = static_cast<std::uint32_t>(nodes_.size());
}

void Quadtree::repulsion(Values fx, Values fy, Values z, double theta) const {
    std::vector<std::uint32_t> leaves;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i].end == i + 1) {
            leaves.push_back(i);
        }
    }
    in_parallel(leaves.size(), 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t l = first; l < last; ++l) {
            push_leaf(nodes_[leaves[l]], fx, fy, z, static_cast<Scalar>(theta));
        }
    });
}

/// The squares that are far from all points of the leaf, and the points of the leaves that are not, push them.
void Quadtree::push_leaf(const Node& leaf, Values fx, Values fy, Values z, Scalar theta) const {
    const std::size_t size = leaf.last - leaf.first;
    const Given x = Given(x_).subspan(leaf.first, size), y = Given(y_).subspan(leaf.first, size);
    const auto [x_min, x_max] = std::ranges::minmax(x);
    const auto [y_min, y_max] = std::ranges::minmax(y);
    thread_local Vector s_x, s_y, mass, of_leaf;
    s_x.clear();
    s_y.clear();
    mass.clear();
    for (std::size_t i = 0; i < nodes_.size();) {
        const Node& node = nodes_[i];
        const Scalar dx = std::max({x_min - node.x, node.x - x_max, Scalar{0}});
        const Scalar dy = std::max({y_min - node.y, node.y - y_max, Scalar{0}});
        if (node.side * node.side < theta * theta * (dx * dx + dy * dy)) {
            s_x.push_back(node.x);
            s_y.push_back(node.y);
            mass.push_back(node.mass);
            i = node.end;
        } else if (node.end == i + 1) {
            s_x.insert(s_x.end(), x_.begin() + node.first, x_.begin() + node.last);
            s_y.insert(s_y.end(), y_.begin() + node.first, y_.begin() + node.last);
            mass.resize(s_x.size(), 1);
            i = node.end;
        } else {
            ++i;
        }
    }
    of_leaf.resize(3 * size);
    const Values force = of_leaf;
    hourglass::repulsion(force.first(size), force.subspan(size, size), force.last(size), x, y, {s_x, s_y, mass});
    for (std::size_t p = 0; p < size; ++p) {
        const std::uint32_t i = point_of(places_[leaf.first + p]);
        fx[i] = force[p];
        fy[i] = force[size + p];
        z[i] = force[2 * size + p];
    }
}

}  // namespace hourglass
