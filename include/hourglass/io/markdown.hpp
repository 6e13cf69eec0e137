#pragma once

#include <string>

namespace hourglass {

/// A text that Markdown shows as it is.
std::string escaped_markdown(const std::string& text);

/// A report for a terminal as Markdown: its first line is the title, a line above columns is a heading, and
/// columns keep their places. What has spaces in front or side by side is in columns, and a letter of . and #.
std::string markdown_of_report(const std::string& report);

}  // namespace hourglass
