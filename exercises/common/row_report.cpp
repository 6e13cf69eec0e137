#include "common/row_report.hpp"

#include <algorithm>
#include <ostream>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/formatting.hpp"

namespace hourglass {
namespace {

constexpr std::size_t most_printed = 8;  // columns, and rows

/// "row", and "class" if rows have one.
std::string label_columns(const PreparedRows& rows) {
    return rows.table.labels.empty() ? "row" : "row,class";
}

/// What is most unusual in a row.
struct Unusual {
    std::string column;
    double value, expected;  // in the column's own unit

    Unusual(const PreparedRows& rows, const RowErrors& errors, std::size_t i) {
        const std::size_t j = errors.worst[i];
        column = rows.table.columns[j];
        value = rows.saved.scaling.shown(static_cast<double>(rows.table.X(i, j)), j);
        expected = rows.saved.scaling.shown(errors.said[i], j);
    }
};

}  // namespace

std::string codes_csv(const PreparedRows& rows, const RowScores& net) {
    std::string header = label_columns(rows) + ",error";
    for (std::size_t k = 0; k < net.codes.cols(); ++k) {
        header += ",code" + std::to_string(k);
    }
    CsvTable csv(header);
    for (std::size_t i = 0; i < rows.table.rows(); ++i) {
        std::vector<double> values = {net.rows.error[i]};
        values.insert(values.end(), net.codes.row(i).begin(), net.codes.row(i).end());
        csv.add(rows.labels_of(i), values);
    }
    return csv.text();
}

std::string errors_csv(const PreparedRows& rows, const RowScores& net, const std::vector<std::size_t>& order) {
    CsvTable csv(label_columns(rows) + ",set,column,error,value,expected");
    const std::vector<std::string> sets = rows.sets();
    for (const std::size_t i : order) {
        const Unusual most(rows, net.rows, i);
        std::vector<std::string> labels = rows.labels_of(i);
        labels.insert(labels.end(), {sets[i], most.column});
        csv.add(labels, {net.rows.error[i], most.value, most.expected});
    }
    return csv.text();
}

std::string columns_csv(const PreparedRows& rows, const RowScores& net, const RowScores* pca) {
    CsvTable csv(pca ? "column,error,pca_error" : "column,error");
    for (const std::size_t j : largest_first(net.columns)) {
        csv.add(rows.table.columns[j],
                pca ? std::vector{net.columns[j], pca->columns[j]} : std::vector{net.columns[j]});
    }
    return csv.text();
}

void print_columns(const PreparedRows& rows, const RowScores& net, const RowScores* pca, std::ostream& output) {
    output << "\n"
           << padded("Columns that are reconstructed worst", 36) << "       error" << (pca ? "         PCA\n" : "\n");
    const std::vector<std::size_t> order = largest_first(net.columns);
    for (std::size_t c = 0; c < std::min(most_printed, order.size()); ++c) {
        output << "  " << padded(rows.table.columns[order[c]], 34) << text("%12.6f", net.columns[order[c]])
               << (pca ? text("%12.6f\n", pca->columns[order[c]]) : "\n");
    }
}

void print_unusual(const PreparedRows& rows, const RowScores& net, const std::vector<std::size_t>& order,
                   std::ostream& output) {
    output << "\n" << padded("Rows that are most unusual", 36) << "       error   what is most so in them\n";
    for (std::size_t u = 0; u < std::min(most_printed, order.size()); ++u) {
        const Unusual most(rows, net.rows, order[u]);
        const std::vector<std::string> labels = rows.labels_of(order[u]);
        output << "  " << padded(labels.front() + (labels.size() > 1 ? ", " + labels[1] : ""), 34)
               << text("%12.6f   ", net.rows.error[order[u]]) << most.column
               << text(" is %.5g, expected %.5g\n", most.value, most.expected);
    }
}

}  // namespace hourglass
