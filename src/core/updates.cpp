#include "hourglass/core/updates.hpp"

#include "choose_kernels.hpp"

namespace hourglass {

void sgd_update(std::span<Scalar> w, std::span<Scalar> v, std::span<const Scalar> g,
                const SgdUpdate& update) {
    chosen::sgd_update(w, v, g, update);
}

void adagrad_update(std::span<Scalar> w, std::span<Scalar> G, std::span<const Scalar> g,
                    const AdagradUpdate& update) {
    chosen::adagrad_update(w, G, g, update);
}

void adam_update(std::span<Scalar> w, std::span<Scalar> m, std::span<Scalar> v,
                 std::span<const Scalar> g, const AdamUpdate& update) {
    chosen::adam_update(w, m, v, g, update);
}

}  // namespace hourglass
