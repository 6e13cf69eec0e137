#include "hourglass/core/matrix.hpp"

#include <string>

#include "hourglass/core/error.hpp"

namespace hourglass {

Matrix::Matrix(std::initializer_list<std::initializer_list<Scalar>> rows)
    : rows_(rows.size()), cols_(rows.size() == 0 ? 0 : rows.begin()->size()) {
    values_.reserve(rows_ * cols_);
    for (const auto& row : rows) {
        assert(row.size() == cols_);
        values_.insert(values_.end(), row.begin(), row.end());
    }
}

std::string shape_text(std::size_t rows, std::size_t cols) {
    return "(" + std::to_string(rows) + ", " + std::to_string(cols) + ")";
}

void require_same_shape(const char* what, const Matrix& U, const Matrix& V) {
    if (U.rows() != V.rows() || U.cols() != V.cols()) [[unlikely]] {
        throw ShapeError(std::string(what) + ": " + shape_text(U) + " and " + shape_text(V) +
                         " are not of one shape");
    }
}

}  // namespace hourglass
