#pragma once

#include "hourglass/analysis/row_errors.hpp"
#include "hourglass/data/prepared_rows.hpp"
#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

/// What a net, or PCA, makes of all rows of a table. Errors are mean squared ones of scaled values.
struct RowScores {
    Matrix codes;                    // (n, k)
    RowErrors rows;                  // (n)
    std::vector<double> columns;     // (d) of each column, over the rows that count
    double train = 0, held_out = 0;  // over these rows; NaN where there are none
    double error = 0;                // over the rows that count
    double roc_area = 0;             // how well errors tell the class that was left out; NaN where none was
};

/// @param codes  of all rows (n, k)   @param Y  what they decode to (n, d)
RowScores score_rows(const PreparedRows& rows, Matrix codes, const Matrix& Y);
RowScores score_rows(const PreparedRows& rows, const Autoencoder& model);

}  // namespace hourglass
