#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <unordered_map>

#include "hourglass/analysis/doctor.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

std::string_view bytes_of_row(const Matrix& X, std::size_t i) {
    const auto row = X.row(i);
    return {reinterpret_cast<const char*>(row.data()), row.size_bytes()};
}

std::string share_text(std::size_t count, std::size_t of, const std::string& what) {
    return std::to_string(count) + " of " + std::to_string(of) + " " + what;
}

/// Some are worth a notice; more than a hundredth of all is wrong.
Verdict verdict_of(std::size_t count, std::size_t of) {
    return count == 0 ? Verdict::well : 100 * count > of ? Verdict::wrong : Verdict::notice;
}

Finding find_numbers(const Matrix& X) {
    const auto bad = std::ranges::find_if_not(X.flat(), [](Scalar x) { return std::isfinite(x); });
    if (bad == X.flat().end()) {
        return {"data: numbers", Verdict::well, "all " + std::to_string(X.size()) + " are finite", {}};
    }
    const std::size_t p = static_cast<std::size_t>(bad - X.flat().begin());
    return {"data: numbers", Verdict::wrong,
            "x is " + to_text(static_cast<double>(*bad)) + " in sample " + std::to_string(p / X.cols()) +
                ", column " + std::to_string(p % X.cols()),
            "One such number makes all weights NaN in one step: mend or leave out that sample."};
}

Finding find_duplicates(const Matrix& X) {
    std::unordered_map<std::string_view, std::size_t> seen;
    std::size_t duplicates = 0;
    std::string example;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        const auto [first, is_new] = seen.try_emplace(bytes_of_row(X, i), i);
        if (!is_new && duplicates++ == 0) {
            example = ", such as " + std::to_string(i) + ", the same as " + std::to_string(first->second);
        }
    }
    Finding finding{"data: duplicates",
                    verdict_of(duplicates, X.rows()),
                    share_text(duplicates, X.rows(), "samples are there before") + example,
                    {}};
    finding.advice =
        duplicates == 0
            ? ""
            : "Samples that are there twice count twice, and may stand in training and test: leave them out.";
    return finding;
}

Finding find_constants(const Matrix& X) {
    std::size_t constant = 0;
    for (std::size_t k = 0; k < X.cols(); ++k) {
        bool same = true;
        for (std::size_t i = 1; same && i < X.rows(); ++i) {
            same = X(i, k) == X(0, k);
        }
        constant += same;
    }
    Finding finding{
        "data: constant columns", Verdict::well, share_text(constant, X.cols(), "columns never change"), {}};
    if (2 * constant > X.cols()) {
        finding.verdict = Verdict::wrong;
        finding.advice =
            "Most of the input says nothing: were the samples read, cut and scaled as they should be?";
    } else if (constant > 0) {
        finding.verdict = Verdict::notice;
        finding.advice = "A column that never changes teaches nothing; their weights stay as they start.";
    }
    return finding;
}

/// What f can give: from, to.
std::pair<double, double> range_of(const Activation& f) {
    using Kind = Activation::Kind;
    switch (f.kind) {
        case Kind::tanh:
            return {-1, 1};
        case Kind::sigmoid:
        case Kind::softmax:
            return {0, 1};
        case Kind::relu:
            return {0, INFINITY};
        default:
            return {-INFINITY, INFINITY};
    }
}

Finding find_outside(const Matrix& T, const Activation& f) {
    const auto [least, most] = range_of(f);
    std::size_t outside = 0;
    for (const Scalar t : T.flat()) {
        outside += !(static_cast<double>(t) >= least - 1e-6 && static_cast<double>(t) <= most + 1e-6);
    }
    Finding finding{"data: range of the targets",
                    outside > 0 ? Verdict::wrong : Verdict::well,
                    share_text(outside, T.size(), "targets are outside of what " + name_of(f) + " can give"),
                    {}};
    finding.advice = outside > 0 ? "No training reaches these targets: scale them into the range, or take "
                                   "another output activation."
                                 : "";
    return finding;
}

Finding find_nearest(const Matrix& all) {
    const Matrix X = some_rows(all, 500);
    double nearest = INFINITY, sum = 0;
    std::size_t i_nearest = 0, j_nearest = 0, pairs = 0;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t j = 0; j < i; ++j, ++pairs) {
            const double d = squared_distance(X.row(i), X.row(j));
            sum += std::sqrt(d);
            if (d < nearest && d > 0) {
                nearest = d;
                i_nearest = j;
                j_nearest = i;
            }
        }
    }
    if (pairs == 0 || std::isinf(nearest)) {
        return {"data: nearest pair", Verdict::wrong, "no two samples differ",
                "There is nothing to tell apart: were the samples read as they should be?"};
    }
    const double mean = sum / static_cast<double>(pairs), distance = std::sqrt(nearest);
    Finding finding{"data: nearest pair",
                    Verdict::well,
                    std::to_string(i_nearest) + " and " + std::to_string(j_nearest) + " of " +
                        std::to_string(X.rows()) + " looked at, " + to_text(distance, 3) +
                        " apart; the mean is " + to_text(mean, 3),
                    {}};
    if (distance < 0.02 * mean) {
        finding.verdict = Verdict::notice;
        finding.advice = "These two are almost the same: a code has little room to tell them apart.";
    }
    return finding;
}

Finding find_balance(const std::vector<std::size_t>& labels) {
    std::map<std::size_t, std::size_t> counts;
    for (const std::size_t label : labels) {
        ++counts[label];
    }
    const auto [least, most] =
        std::ranges::minmax_element(counts, {}, [](const auto& c) { return c.second; });
    Finding finding{"data: balance of the labels",
                    Verdict::well,
                    std::to_string(counts.size()) + " classes of " + std::to_string(least->second) + " to " +
                        std::to_string(most->second) + " samples",
                    {}};
    if (10 * least->second < most->second || counts.size() < 2) {
        finding.verdict = Verdict::wrong;
        finding.advice =
            "Saying the most frequent class is too good an answer: weigh or draw the rare ones more, and "
            "report each by itself.";
    }
    return finding;
}

Finding find_leak(const Matrix& X, const Matrix& test) {
    std::unordered_map<std::string_view, std::size_t> seen;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        seen.try_emplace(bytes_of_row(X, i), i);
    }
    std::size_t leaked = 0;
    for (std::size_t i = 0; i < test.rows(); ++i) {
        leaked += seen.contains(bytes_of_row(test, i));
    }
    Finding finding{"data: training samples in the test",
                    verdict_of(leaked, test.rows()),
                    share_text(leaked, test.rows(), "test samples were trained on"),
                    {}};
    finding.advice =
        leaked == 0 ? "" : "What the test says of them is no test: take them out of one of the two.";
    return finding;
}

}  // namespace

std::vector<Finding> examine_data(const DataSet& data, const Activation& output) {
    std::vector<Finding> findings = {find_numbers(data.X), find_duplicates(data.X), find_constants(data.X),
                                     find_outside(data.T, output), find_nearest(data.X)};
    if (!data.labels.empty()) {
        findings.push_back(find_balance(data.labels));
    }
    if (!data.test.empty()) {
        findings.push_back(find_leak(data.X, data.test));
    }
    return findings;
}

}  // namespace hourglass
