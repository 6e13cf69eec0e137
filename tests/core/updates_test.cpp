#include "hourglass/core/updates.hpp"
#include "hourglass/core/reference.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/kernel_testing.hpp"

namespace hourglass {

using testing::first_difference;

namespace {

/// The three arrays that an update may write, and the gradient.
struct Tensors {
    Vector w, m, v, g;

    Tensors(std::size_t size, Rng& rng)
        : w(testing::signed_values(size, rng)),
          m(testing::signed_values(size, rng)),
          v(testing::signed_values(size, rng)),
          g(testing::signed_values(size, rng)) {
        for (Scalar& v_i : v) {
            v_i = std::abs(v_i);  // a sum of squares
        }
    }
};

/// Do both hold the same up to a few roundings of the numbers on the way, from `before`?
bool close(const Vector& a, const Vector& b, const Vector& before) {
    const auto size_of = [](Scalar x) { return static_cast<double>(std::abs(x)); };
    for (std::size_t i = 0; i < before.size(); ++i) {
        const double size = size_of(before[i]) + size_of(b[i]) + size_of(b[i] - before[i]);
        const double bound = 2 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()) * size;
        if (!(size_of(a[i] - b[i]) <= bound)) {
            return false;
        }
    }
    return a.size() == before.size() && b.size() == before.size();
}

/// Runs `update` from one start by the reference, by `fast` and by every instruction set:
/// update(implementation, tensors).
template <class Reference, class Fast, class ByKernels>
void check_update(const Reference& by_reference, const Fast& by_fast, const ByKernels& by_kernels) {
    Rng rng(1);
    for (const std::size_t size : testing::awkward_sizes) {
        CAPTURE(size);
        const Tensors before(size, rng);
        Tensors expected = before, found = before;
        by_reference(expected);
        by_fast(found);
        const auto check = [&] {
            CHECK(close(found.w, expected.w, before.w));
            CHECK(close(found.m, expected.m, before.m));
            CHECK(close(found.v, expected.v, before.v));
            CHECK((size == 0 || !testing::same_bits(found.w, before.w)));
        };
        check();
        for (const Kernels* set : available_kernels()) {
            CAPTURE(set->name);
            constexpr Scalar guard = 77;
            found = before;
            for (Vector* values : {&found.w, &found.m, &found.v}) {
                values->resize(size + 20, guard);  // where nothing may be written
            }
            by_kernels(*set, found, size);
            for (Vector* values : {&found.w, &found.m, &found.v}) {
                CHECK(testing::same_bits({values->data() + size, 20}, Vector(20, guard)));
                values->resize(size);
            }
            check();
        }
    }
}

}  // namespace

// First steps by hand, which say what an update should do; then the kernels against the loops.

TEST_CASE("sgd_update: follows steps computed by hand") {
    for (const auto update : {reference::sgd_update, sgd_update}) {
        Vector w = {8, 8}, v = {2, -2}, g = {4, 8};
        update(w, v, g, {Scalar(0.25), Scalar(0.5), false});
        CHECK(first_difference("v = mu v + g: v", v, Vector{5, 7}) == "");
        CHECK(first_difference("w -= eta v: w", w, Vector{Scalar(6.75), Scalar(6.25)}) == "");
        update(w, v, g, {Scalar(0.5), 0, true});  // v = g, and a step of eta g
        CHECK(first_difference("v = mu v + g: v", v, g) == "");
        CHECK(first_difference("w -= eta (g + mu v): w", w, Vector{Scalar(4.75), Scalar(2.25)}) == "");
    }
}

TEST_CASE("adagrad_update: follows a step computed by hand") {
    for (const auto update : {reference::adagrad_update, adagrad_update}) {
        Vector w = {4, 2}, G = {9, 0}, g = {4, 8};
        update(w, G, g, {1, 1});
        CHECK(first_difference("G += g^2: G", G, Vector{25, 64}) == "");
        const Vector expected = {static_cast<Scalar>(4 - 4.0 / 6), static_cast<Scalar>(2 - 8.0 / 9)};
        CHECK(first_difference("w -= eta g / (sqrt(G) + eps): w", w, expected) == "");
    }
}

TEST_CASE("adam_update: follows a step computed by hand") {
    for (const auto update : {reference::adam_update, adam_update}) {
        Vector w = {1, 1}, m = {0, 4}, v = {0, 32}, g = {4, 8};
        update(w, m, v, g, {Scalar(0.5), 1, Scalar(0.5), Scalar(0.25), 2, 4});
        CHECK(first_difference("m += (1 - beta1) (g - m): m", m, Vector{2, 6}) == "");
        CHECK(first_difference("v += (1 - beta2) (g^2 - v): v", v, Vector{4, 40}) == "");
        // m_hat = correct1 m = 4, 12   v_hat = correct2 v = 16, 160
        const Vector expected = {static_cast<Scalar>(1 - 0.5 * 4 / 5),
                                 static_cast<Scalar>(1 - 6 / (std::sqrt(160.0) + 1))};
        CHECK(first_difference("w -= eta m_hat / (sqrt(v_hat) + eps): w", w, expected) == "");
    }
}

TEST_CASE("sgd_update: the fast ones agree with the reference") {
    for (const SgdUpdate& update :
         {SgdUpdate{Scalar(0.1), 0, false}, SgdUpdate{Scalar(0.1), Scalar(0.9), false},
          SgdUpdate{Scalar(0.1), Scalar(0.9), true}}) {
        CAPTURE(update.mu);
        CAPTURE(update.nesterov);
        check_update([&](Tensors& t) { reference::sgd_update(t.w, t.m, t.g, update); },
                     [&](Tensors& t) { sgd_update(t.w, t.m, t.g, update); },
                     [&](const Kernels& set, Tensors& t, std::size_t size) {
                         set.sgd(t.w.data(), t.m.data(), t.g.data(), size, update);
                     });
    }
}

TEST_CASE("adagrad_update: the fast ones agree with the reference") {
    const AdagradUpdate update = {Scalar(0.1), Scalar(1e-10)};
    check_update([&](Tensors& t) { reference::adagrad_update(t.w, t.v, t.g, update); },
                 [&](Tensors& t) { adagrad_update(t.w, t.v, t.g, update); },
                 [&](const Kernels& set, Tensors& t, std::size_t size) {
                     set.adagrad(t.w.data(), t.v.data(), t.g.data(), size, update);
                 });
}

TEST_CASE("adam_update: the fast ones agree with the reference") {
    const AdamUpdate update = {Scalar(0.1),  Scalar(1e-8), Scalar(0.1),
                               Scalar(1e-3), Scalar(1.7),  Scalar(1.3)};
    check_update([&](Tensors& t) { reference::adam_update(t.w, t.m, t.v, t.g, update); },
                 [&](Tensors& t) { adam_update(t.w, t.m, t.v, t.g, update); },
                 [&](const Kernels& set, Tensors& t, std::size_t size) {
                     set.adam(t.w.data(), t.m.data(), t.v.data(), t.g.data(), size, update);
                 });
}

TEST_CASE("adam_update: a gradient whose square is infinite leaves the parameter where it is") {
    const Scalar huge = std::numeric_limits<Scalar>::max() / 4;
    for (const auto update : {reference::adam_update, adam_update}) {
        Vector w(20, 3), m(20, 0), v(20, 0);
        update(w, m, v, Vector(20, huge),
               {Scalar(0.1), Scalar(1e-8), Scalar(0.1), Scalar(0.1), 1, 1});
        CHECK(w == Vector(20, 3));  // m / infinity is 0
    }
}

TEST_CASE("updates: spans of different lengths are refused in every build, with their lengths") {
    Vector w(3), v(3), g(2);
    CHECK(testing::error_message([&] { sgd_update(w, v, g, {}); }) ==
          "sgd_update: expected spans of one length, got 3, 3, 2");
    CHECK(testing::error_message([&] { adagrad_update(w, v, g, {}); }) ==
          "adagrad_update: expected spans of one length, got 3, 3, 2");
    CHECK(testing::error_message([&] { adam_update(w, g, v, v, {}); }) ==
          "adam_update: expected spans of one length, got 3, 2, 3, 3");
}

}  // namespace hourglass
