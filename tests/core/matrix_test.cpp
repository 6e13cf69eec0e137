#include "hourglass/core/matrix.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace hourglass {

TEST_CASE("Matrix: a new one has its shape and its value everywhere") {
    const Matrix zeros(2, 3);
    CHECK(zeros.rows() == 2);
    CHECK(zeros.cols() == 3);
    CHECK(zeros.size() == 6);
    CHECK(std::ranges::count(zeros.flat(), Scalar{0}) == 6);

    const Matrix sevens(3, 2, 7);
    CHECK(std::ranges::count(sevens.flat(), Scalar{7}) == 6);

    const Matrix none;
    CHECK(none.empty());
    CHECK(none.rows() == 0);
    CHECK(none.cols() == 0);
}

TEST_CASE("Matrix: a shape with a zero in it is empty but keeps the other number") {
    const Matrix no_rows(0, 3);
    CHECK(no_rows.empty());
    CHECK(no_rows.cols() == 3);

    const Matrix no_cols(3, 0);
    CHECK(no_cols.empty());
    CHECK(no_cols.row(2).empty());
}

TEST_CASE("Matrix: values lie row after row") {
    const Matrix X = {{1, 2, 3}, {4, 5, 6}};
    CHECK(X.rows() == 2);
    CHECK(X.cols() == 3);
    CHECK(X(0, 2) == 3);
    CHECK(X(1, 0) == 4);
    const std::array<Scalar, 6> expected = {1, 2, 3, 4, 5, 6};
    CHECK(std::ranges::equal(X.flat(), expected));
    CHECK(X.row(1).size() == 3);
    CHECK(X.row(1).data() == X.flat().data() + 3);
}

TEST_CASE("Matrix: elements and rows and flat are views of the same numbers") {
    Matrix X(2, 3);
    X(1, 2) = 5;
    CHECK(X.row(1)[2] == 5);
    X.row(0)[1] = 4;
    CHECK(X.flat()[1] == 4);
    X.flat()[3] = 3;
    CHECK(X(1, 0) == 3);
}

TEST_CASE("Matrix: is a regular value") {
    const Matrix X = {{1, 2}, {3, 4}};
    Matrix copy = X;
    CHECK(copy == X);
    copy(1, 1) = 5;
    CHECK(copy != X);
    CHECK(X(1, 1) == 4);  // the copy owns its own

    const Matrix moved = std::move(copy);
    CHECK(moved == Matrix{{1, 2}, {3, 5}});
}

TEST_CASE("Matrix: equal values in another shape are another matrix") {
    CHECK(Matrix{{1, 2}, {3, 4}} != Matrix{{1, 2, 3, 4}});
    CHECK(Matrix(0, 3) != Matrix(0, 2));
}

TEST_CASE("Matrix: resize changes the shape and allocates only to grow") {
    Matrix X(4, 5);
    const Scalar* const memory = X.flat().data();
    X.resize(2, 3);
    CHECK(X.rows() == 2);
    CHECK(X.cols() == 3);
    CHECK(X.size() == 6);
    X.resize(5, 4);
    CHECK(X.size() == 20);
    CHECK(X.flat().data() == memory);
    X.resize(5, 5);
    CHECK(X.size() == 25);
    X(4, 4) = 1;  // within bounds: an address sanitizer sees to it
    CHECK(X.flat().back() == 1);
}

TEST_CASE("Matrix and Vector: the numbers start where a cache line does") {
    const auto is_aligned = [](std::span<const Scalar> values) {
        return reinterpret_cast<std::uintptr_t>(values.data()) % 64 == 0;
    };
    for (std::size_t size = 1; size < 100; ++size) {
        const Matrix X(size, 3);
        const Vector v(size);
        CHECK(is_aligned(X.flat()));
        CHECK(is_aligned(v));
    }
}

}  // namespace hourglass
