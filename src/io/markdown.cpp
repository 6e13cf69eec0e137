#include "hourglass/io/markdown.hpp"

#include <sstream>
#include <vector>

namespace hourglass {

std::string escaped_markdown(const std::string& text) {
    std::string result;
    for (const char c : text) {
        result += (std::string("\\`*<[|").find(c) == std::string::npos ? "" : "\\") + std::string(1, c);
    }
    return result;
}

namespace {

/// Is it a line of a table or of a text as a picture, which is to keep its columns?
bool in_columns(const std::string& line) {
    return line.starts_with(' ') || line.find("  ") != std::string::npos ||
           line.find_first_not_of(".#") == std::string::npos;
}

}  // namespace

std::string markdown_of_report(const std::string& report) {
    std::istringstream text(report);
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) {
        lines.push_back(line);
    }
    lines.emplace_back();
    std::string page;
    for (std::size_t l = 0; l + 1 < lines.size(); ++l) {
        const std::string& line = lines[l];
        if (line.empty() || in_columns(line)) {
            page += (line.empty() ? "" : "    " + line) + "\n";
            continue;
        }
        const bool ends = lines[l + 1].empty();
        const bool above_columns = !ends && in_columns(lines[l + 1]);
        page += l == 0 ? "# " : above_columns ? "## " : "";
        page += escaped_markdown(line) + (ends ? "\n" : "\n\n");  // a paragraph of its own
    }
    return page;
}

}  // namespace hourglass
