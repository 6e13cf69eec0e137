#include "flowers/result.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass::flowers {
namespace {

std::string error_csv(const Run& run) {
    CsvTable table("epoch,error");
    for (std::size_t e = 0; e < run.epochs(); ++e) {
        table.add({static_cast<double>(e + 1), run.errors[e]});
    }
    return table.text();
}

std::string codes_csv(const Options& o, const Result& r) {
    std::string header = "image,mse,pca_mse";
    for (std::size_t j = 0; j < r.codes.cols(); ++j) {
        header += ",code" + std::to_string(j);
    }
    CsvTable table(header);
    for (std::size_t i = 0; i < r.codes.rows(); ++i) {
        std::vector<double> row = {r.errors[i], r.pca_errors[i]};
        row.insert(row.end(), r.codes.row(i).begin(), r.codes.row(i).end());
        table.add(o.images.names[i], row);
    }
    return table.text();
}

}  // namespace

void write_tables(RunFolder& folder, const Options& o, const Result& r) {
    if (o.epochs > 0) {  // a report alone leaves the history as it is
        folder.write("error.csv", error_csv(r.run));
    }
    folder.write("codes.csv", codes_csv(o, r));
}

}  // namespace hourglass::flowers
