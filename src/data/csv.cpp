#include "hourglass/data/csv.hpp"

#include <csv.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <limits>
#include <new>
#include <unordered_map>
#include <unordered_set>

#include "gz_file.hpp"
#include "hourglass/core/error.hpp"
#include "table_rows.hpp"
#include "utf8.hpp"

namespace hourglass {
namespace {

constexpr std::size_t longest_value = 1'000'000;  // bytes: beyond that it is no value, but a quote that was never closed
constexpr std::size_t most_classes = 1000;

bool is_missing(std::string_view value) {
    constexpr std::string_view names[] = {"", "?", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"};
    return value.size() <= 4 && std::ranges::find(names, value) != std::end(names);
}

/// A whole text as a number; NaN, if it is none.
double number_of(std::string_view text) {
    double value = 0;
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') {
        text.remove_prefix(1);
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size() || error == std::errc::invalid_argument) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    return error == std::errc{} ? value : std::strtod(std::string(text).c_str(), nullptr);  // 0 or infinite
}

char delimiter_of(std::string_view text) {
    std::string line;  // without what is in quotes
    bool quoted = false;
    for (const char c : text) {
        quoted = quoted != (c == '"');
        if (!quoted && (c == '\n' || c == '\r') && !line.empty()) {
            break;
        }
        line += quoted ? ' ' : c;
    }
    for (const char candidate : std::string_view("\t;|")) {
        if (line.find(candidate) != line.npos) {
            return candidate;
        }
    }
    return ',';
}

class CsvReader {
public:
    CsvReader(const std::filesystem::path& path, const TableOptions& options) : file_(path), options_(options) {
        csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI);
        csv_set_blk_size(&parser_, 1 << 12);
    }
    ~CsvReader() { csv_free(&parser_); }
    CsvReader(const CsvReader&) = delete;
    CsvReader& operator=(const CsvReader&) = delete;

    Table read() {
        constexpr std::size_t block_size = 1 << 20;
        std::string block = file_.read(block_size);
        begin(block);
        for (; !block.empty(); block = file_.read(block_size)) {
            for (std::string_view rest = block; !rest.empty();) {  // line by line, to know its number
                const std::size_t length = std::min(rest.find('\n'), rest.size() - 1) + 1;
                parse(rest.substr(0, length));
                line_ += rest[length - 1] == '\n';
                rest.remove_prefix(length);
            }
        }
        if (csv_fini(&parser_, on_value, on_row, this) != 0) {
            line_ = value_line_;
            fail("a quote is opened and never closed");
        }
        check();
        return rows_.finish(file_);
    }

private:
    void begin(std::string& block) {
        if (block.starts_with("\xff\xfe") || block.starts_with("\xfe\xff")) {
            file_.fail("expected a csv file in UTF-8, found UTF-16; save it as UTF-8");
        }
        if (block.starts_with("\xef\xbb\xbf")) {
            block.erase(0, 3);
        }
        csv_set_delim(&parser_, static_cast<unsigned char>(options_.delimiter.empty() ? delimiter_of(block)
                                                                                      : options_.delimiter[0]));
    }

    void parse(std::string_view piece) {
        value_bytes_ += piece.size();
        if (csv_parse(&parser_, piece.data(), piece.size(), on_value, on_row, this) != piece.size()) {
            check();
            if (csv_error(&parser_) != CSV_EPARSE) {
                throw std::bad_alloc();
            }
            fail("a quote within a value: expected quotes around the whole of it, and those within doubled");
        }
        check();
        if (value_bytes_ > longest_value) {
            line_ = value_line_;
            fail("a value of more than " + std::to_string(longest_value) + " bytes; is a quote never closed?");
        }
    }

    // What libcsv calls. It is written in C, which no exception may go through.
    static void on_value(void* text, std::size_t size, void* reader) noexcept {
        static_cast<CsvReader*>(reader)->guarded(
            [&](CsvReader& r) { r.take_value({static_cast<const char*>(text), size}); });
    }
    static void on_row(int, void* reader) noexcept {
        static_cast<CsvReader*>(reader)->guarded([](CsvReader& r) { r.end_row(); });
    }
    template <class Work>
    void guarded(const Work& work) {
        if (!failure_) {
            try {
                work(*this);
            } catch (...) {
                failure_ = std::current_exception();
            }
        }
    }
    void check() const {
        if (failure_) {
            std::rethrow_exception(failure_);
        }
    }

    void take_value(std::string_view text) {
        value_bytes_ = 0;
        value_line_ = line_;
        if (places_.empty()) {
            first_.emplace_back(text);
            return;
        }
        const std::size_t column = column_++;
        if (column >= places_.size() || places_[column] == skipped) {
            return;
        }
        if (places_[column] == label) {
            take_label(text);
            return;
        }
        const double value = number_of(text);
        if (!std::isfinite(value)) {
            refuse(text, column, value);
        }
        row_[static_cast<std::size_t>(places_[column])] = value;
    }

    /// Of a value that is no finite number.
    void refuse(std::string_view text, std::size_t column, double value) {
        const std::string where = "column " + printable(names_[column]) + ": ";
        if (is_missing(text)) {
            if (options_.missing == Missing::refuse) {
                fail(where + "the value is missing; --missing mean puts the mean of the training rows there, --missing drop "
                             "leaves such rows out");
            }
        } else if (std::isnan(value)) {
            fail(where + "expected a number, got " + printable(text) + "; --ignore leaves the column out, --label takes it "
                         "for the class of the row");
        } else {
            fail(where + "expected a finite number, got " + printable(text));
        }
    }

    void take_label(std::string_view text) {
        const auto [found, is_new] = class_numbers_.try_emplace(std::string(text), rows_.table.classes.size());
        if (is_new) {
            rows_.table.classes.emplace_back(text);
            if (class_numbers_.size() > most_classes) {
                fail("column " + printable(options_.label) + ": expected at most " + std::to_string(most_classes) +
                     " classes, found more");
            }
        }
        class_ = found->second;
    }

    void end_row() {
        value_line_ = line_ + 1;
        if (places_.empty()) {
            take_first_row();
            return;
        }
        if (column_ != places_.size()) {
            fail("expected " + std::to_string(places_.size()) + " values, as in the first line, got " +
                 std::to_string(column_));
        }
        column_ = 0;
        if (!rows_.add(row_, options_.missing == Missing::drop)) {
            return;
        }
        if (!options_.label.empty()) {
            rows_.table.labels.push_back(class_);
        }
        if (const auto at = rows_.too_large()) {
            fail("column " + printable(rows_.table.columns[*at]) + ": a number too large for this build's precision");
        }
    }

    /// Is it a header, or are these the first numbers?
    void take_first_row() {
        const bool header = options_.header.value_or(std::ranges::all_of(
            first_, [](const std::string& value) { return std::isnan(number_of(value)); }));
        std::unordered_set<std::string> taken;
        for (std::size_t j = 0; j < first_.size(); ++j) {
            std::string name = header && !first_[j].empty() ? first_[j] : std::to_string(j + 1);
            while (!taken.insert(name).second) {
                name += "'";
            }
            names_.push_back(std::move(name));
        }
        choose_columns();
        for (std::size_t j = 0; j < first_.size() && !header; ++j) {
            take_value(first_[j]);
        }
        if (!header) {
            end_row();
        }
    }

    std::size_t find(const std::string& name, const char* option) const {
        const auto found = std::ranges::find(names_, name);
        const double number = number_of(name);
        if (found != names_.end()) {
            return static_cast<std::size_t>(found - names_.begin());
        }
        if (number >= 1 && number <= static_cast<double>(names_.size()) && number == std::floor(number)) {
            return static_cast<std::size_t>(number) - 1;
        }
        std::string there;
        for (std::size_t j = 0; j < std::min<std::size_t>(names_.size(), 20); ++j) {
            there += (j == 0 ? "" : ", ") + printable(names_[j]);
        }
        file_.fail(std::string(option) + ": there is no column " + printable(name) + "; expected one of " + there +
                   (names_.size() > 20 ? ", ..." : "") + ", or a number from 1 to " + std::to_string(names_.size()));
    }

    /// Where the values of each column go.
    void choose_columns() {
        places_.assign(names_.size(), options_.columns.empty() ? used : skipped);
        for (const std::string& name : options_.columns) {
            places_[find(name, "--columns")] = used;
        }
        for (const std::string& name : options_.ignored) {
            places_[find(name, "--ignore")] = skipped;
        }
        if (!options_.label.empty()) {
            places_[find(options_.label, "--label")] = label;
        }
        std::vector<std::string>& columns = rows_.table.columns;
        const auto take = [&](std::size_t j) {
            if (places_[j] == used) {
                places_[j] = static_cast<int>(columns.size());
                columns.push_back(names_[j]);
            }
        };
        for (const std::string& name : options_.columns) {  // in the order in which they were named
            take(find(name, "--columns"));
        }
        for (std::size_t j = 0; j < names_.size(); ++j) {
            take(j);
        }
        if (columns.empty()) {
            file_.fail("expected at least 1 column of numbers, all are left out");
        }
        row_.resize(columns.size());
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw Error(file_.name() + ":" + std::to_string(line_) + ": " + what);
    }

    static constexpr int skipped = -1, label = -2, used = -3;

    GzFile file_;
    const TableOptions& options_;
    csv_parser parser_{};
    std::exception_ptr failure_;
    std::size_t line_ = 1, value_line_ = 1, value_bytes_ = 0;
    std::vector<std::string> first_, names_;  // the first row; what the columns are called
    std::vector<int> places_;                 // of each column: where in a row of X; skipped; label
    std::size_t column_ = 0;                  // of the row, so far
    std::vector<double> row_;
    std::size_t class_ = 0;
    std::unordered_map<std::string, std::size_t> class_numbers_;
    TableRows rows_;
};

}  // namespace

Table read_csv(const std::filesystem::path& path, const TableOptions& options) {
    return CsvReader(path, options).read();
}

}  // namespace hourglass
