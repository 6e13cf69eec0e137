#include "hourglass/analysis/row_scores.hpp"

#include <limits>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/roc.hpp"

namespace hourglass {

RowScores score_rows(const PreparedRows& rows, Matrix codes, const Matrix& Y) {
    const Matrix& X = rows.table.X;
    const std::vector<std::size_t> judged = rows.judged();
    RowScores s{std::move(codes), compare_rows(Y, X), column_errors(Y, X, judged)};
    s.train = mean_over(s.rows.error, rows.train);
    s.held_out = mean_over(s.rows.error, rows.held_out);
    s.error = mean_over(s.rows.error, judged);
    s.roc_area = rows.left_out.empty()
                     ? std::numeric_limits<double>::quiet_NaN()
                     : roc_area(values_of(s.rows.error, judged), values_of(s.rows.error, rows.left_out));
    return s;
}

RowScores score_rows(const PreparedRows& rows, const Autoencoder& model) {
    Matrix codes = encode_in_blocks(model, rows.table.X);
    const Matrix Y = decode_in_blocks(model, codes);
    return score_rows(rows, std::move(codes), Y);
}

}  // namespace hourglass
