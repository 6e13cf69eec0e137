// The forces of core/repulsion.hpp on a pack of points at a time. Included by kernels.cpp alone.
//
// The lanes are points, and those that push them come one after another, as in the plain loop: so the order of a sum does
// not depend on the instruction set, and no lane is left empty but in the last pack.
#pragma once

#include "simd/elementwise.hpp"

namespace hourglass::HOURGLASS_ISA {

inline void repulsion(Scalar* fx, Scalar* fy, Scalar* z, const Scalar* x, const Scalar* y, std::size_t size,
                      const Repelling& s) {
    const Scalar *s_x = s.x.data(), *s_y = s.y.data(), *mass = s.mass.data();
    const std::size_t count = s.x.size();
    for_each_pack(size, [=](auto load, auto store) {
        const Pack x_i = load(x), y_i = load(y);
        Pack fx_i = 0, fy_i = 0, z_i = 0;
        for (std::size_t j = 0; j < count; ++j) {
            const Pack dx = x_i - Pack(s_x[j]), dy = y_i - Pack(s_y[j]), m_j = mass[j];
            const Pack w = fast_quotient(Pack(1), dx * dx + (dy * dy + Pack(1)));
            const Pack m_w2 = m_j * (w * w);
            z_i = m_j * w + z_i;
            fx_i = m_w2 * dx + fx_i;
            fy_i = m_w2 * dy + fy_i;
        }
        store(fx, fx_i);
        store(fy, fy_i);
        store(z, z_i);
    });
}

}  // namespace hourglass::HOURGLASS_ISA
