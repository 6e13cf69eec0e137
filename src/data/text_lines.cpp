#include "hourglass/data/text_lines.hpp"

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

constexpr std::size_t longest = 100'000;  // so that /dev/zero does not take all memory

}  // namespace

TextLines::TextLines(const std::filesystem::path& path, const std::string& expected)
    : file_(one_line(path.string())), input_(path, std::ios::binary) {
    std::error_code ignored;
    if (!input_ || std::filesystem::is_directory(path, ignored)) {
        throw Error(file_ + ": cannot be opened; expected " + expected);
    }
    std::string start(3, '\0');
    input_.read(start.data(), 3);
    if (start.starts_with("\xff\xfe") || start.starts_with("\xfe\xff")) {
        throw Error(file_ + ": expected " + expected + " in UTF-8, found UTF-16; save it as UTF-8");
    }
    if (start != "\xef\xbb\xbf") {
        input_.clear();  // a file may be shorter than the mark
        input_.seekg(0);
    }
}

bool TextLines::next() {
    std::streambuf& bytes = *input_.rdbuf();
    constexpr int end = std::char_traits<char>::eof();
    if (bytes.sgetc() == end) {
        return false;
    }
    ++number_;
    line_.clear();
    for (int c = bytes.sbumpc(); c != end && c != '\n'; c = bytes.sbumpc()) {
        if (line_.size() == longest) {
            fail("expected text, got a line of more than " + std::to_string(longest) + " bytes");
        }
        line_ += static_cast<char>(c);
    }
    if (line_.ends_with('\r')) {
        line_.pop_back();
    }
    return true;
}

void TextLines::fail(const std::string& what) const {
    throw Error(file_ + ":" + std::to_string(number_) + ": " + what);
}

}  // namespace hourglass
