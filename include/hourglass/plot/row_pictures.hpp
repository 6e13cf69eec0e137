#pragma once

#include <string>
#include <vector>

#include "hourglass/analysis/row_scores.hpp"
#include "hourglass/plot/pictures.hpp"

// What there is to see in the reconstruction errors of rows and columns.

namespace hourglass {

/// A net, or PCA, and what it makes of the rows; one that is there to compare with is dashed.
struct ScoredMethod {
    std::string name;
    const RowScores* scores;
    bool is_reference = false;
};

/// row_errors: which share of the rows that count, and of the class that was left out, has an error below each value; of
/// 25 rows or more.
/// @param unit  "of standardized columns"   @param left_out  that class
void draw_row_errors(Pictures& pictures, const PreparedRows& rows, const std::string& left_out, const std::string& unit,
                     const std::vector<ScoredMethod>& methods);

/// columns: the 16 columns of the largest error by the first method, with those of the others beside them.
void draw_column_errors(Pictures& pictures, const PreparedRows& rows, const std::string& unit,
                        const std::vector<ScoredMethod>& methods);

/// unusual: the images of the largest errors, at most 12, above what the model makes of them.
/// @param order  of all rows, the largest error first   @pre  the table is one of images
void draw_unusual_images(Pictures& pictures, const PreparedRows& rows, const std::vector<std::size_t>& order,
                         const Autoencoder& model);

}  // namespace hourglass
