#include "hourglass/data/table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gz_file.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/names.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/data/csv.hpp"
#include "hourglass/data/idx.hpp"
#include "hourglass/data/image_folder.hpp"
#include "hourglass/data/npy.hpp"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> missing_names = {"refuse", "mean", "drop"};

/// A table of images, whose columns are the pixels.
Table image_table(Matrix X, std::size_t height, std::size_t width, std::size_t channels, int lowest) {
    Table table;
    for (std::size_t j = 1; j <= X.cols(); ++j) {
        table.columns.push_back(std::to_string(j));
    }
    table.origin.assign(X.cols(), 0);
    table.X = std::move(X);
    table.height = height;
    table.width = width;
    table.channels = channels;
    table.lowest = lowest;
    return table;
}

Table read_images(const fs::path& path, const TableOptions& options) {
    const std::size_t side = options.size == 0 ? 32 : options.size;
    ImageSet images = read_image_folder(path, side, options.gray ? 1 : 3);
    Table table = image_table(std::move(images.X), side, side, images.channels, -1);
    table.names = std::move(images.names);
    table.classes = std::move(images.classes);
    table.labels = std::move(images.labels);
    table.notes.push_back("images: " + images.scaling());
    for (const std::string& skipped : images.skipped) {
        table.notes.push_back("skipped: " + skipped);
    }
    return table;
}

/// The class of each row from a file of numbers: the classes are called as these are.
void read_labels(Table& table, const fs::path& path) {
    std::vector<double> labels;
    if (table_kind(path) == TableKind::npy) {
        const Table numbers = read_npy(path);
        for (std::size_t i = 0; i < numbers.rows() && numbers.X.cols() == 1; ++i) {
            labels.push_back(static_cast<double>(numbers.X(i, 0)) + numbers.origin[0]);
        }
    } else {
        const std::vector<std::size_t> classes = read_idx_labels(path);
        labels.assign(classes.begin(), classes.end());
    }
    const std::size_t last = table.numbers.empty() ? table.rows() : table.numbers.back();  // of rows that were kept
    if (labels.size() < last || (table.numbers.empty() && labels.size() > last)) {
        throw Error(path.string() + ": expected one label for each of the " + std::to_string(last) + " rows, found " +
                    std::to_string(labels.size()));
    }
    for (std::size_t i = 0; i < table.rows(); ++i) {
        const std::string name = to_text(labels[table.numbers.empty() ? i : table.numbers[i] - 1]);
        const auto found = std::ranges::find(table.classes, name);
        table.labels.push_back(static_cast<std::size_t>(found - table.classes.begin()));
        if (found == table.classes.end()) {
            table.classes.push_back(name);
        }
    }
}

/// train-labels-idx1-ubyte beside train-images-idx3-ubyte; nothing, if it is not there.
fs::path labels_beside(const fs::path& images) {
    std::string name = images.filename().string();
    const std::size_t at = name.find("images-idx3");
    std::error_code unknown;
    if (at == name.npos) {
        return {};
    }
    const fs::path labels = images.parent_path() / name.replace(at, 11, "labels-idx1");
    return fs::exists(labels, unknown) ? labels : fs::path();
}

}  // namespace

std::string Table::row_name(std::size_t i) const {
    return !names.empty() ? names[i] : std::to_string(numbers.empty() ? i + 1 : numbers[i]);
}

Missing missing_from_name(std::string_view name) {
    return value_from_name("way", name, {Missing::refuse, Missing::mean, Missing::drop});
}

std::string_view name_of(Missing missing) {
    return missing_names[static_cast<std::size_t>(missing)];
}

TableKind table_kind(const fs::path& path) {
    std::error_code unknown;
    if (fs::is_directory(path, unknown)) {
        return TableKind::images;
    }
    if (fs::exists(path, unknown) && !fs::is_regular_file(path, unknown)) {  // a pipe is read but once
        throw Error(path.string() + ": expected a file or a folder, found neither");
    }
    const std::string start = GzFile(path).read(6);
    return start == "\x93NUMPY"                          ? TableKind::npy
           : start.starts_with(std::string_view("\0\0\x08", 3)) ? TableKind::idx
                                                          : TableKind::csv;
}

Table read_table(const fs::path& path, const TableOptions& options) {
    const TableKind kind = table_kind(path);
    if (kind == TableKind::csv) {
        return read_csv(path, options);
    }
    if (kind == TableKind::images) {
        return read_images(path, options);
    }
    Table table;
    fs::path labels = options.labels;
    if (kind == TableKind::npy) {
        table = read_npy(path, options.missing);
    } else {
        LabelledImages images = read_idx_images(path);
        table = image_table(std::move(images.X), images.height, images.width, 1, 0);
        labels = labels.empty() ? labels_beside(path) : labels;
    }
    if (!labels.empty()) {
        read_labels(table, labels);
        table.notes.push_back("labels: " + labels.string());
    }
    return table;
}

}  // namespace hourglass
