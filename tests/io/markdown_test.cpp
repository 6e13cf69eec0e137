#include "hourglass/io/markdown.hpp"

#include <doctest/doctest.h>

namespace hourglass {

TEST_CASE("markdown_of_report: what stands above columns becomes a heading and columns keep their places") {
    CHECK(markdown_of_report(
              "A title\n  a table  1\n\nCriterion: all\n  met\n\nOne line of text.\n\nname   value\n  x   1\n"
              "\nA letter\n..#..\n") ==
          "# A title\n\n      a table  1\n\n## Criterion: all\n\n      met\n\nOne line of text.\n\n    name  "
          " value\n"
          "      x   1\n\n## A letter\n\n    ..#..\n");
    CHECK(markdown_of_report("A title\n\nOne.\nTwo.\n") == "# A title\n\nOne.\n\nTwo.\n");
    CHECK(markdown_of_report("").empty());
}

TEST_CASE("escaped_markdown: what means something to Markdown is shown as it is") {
    CHECK(escaped_markdown("a *b* `c` [d] <e> f|g \\") == "a \\*b\\* \\`c\\` \\[d] \\<e> f\\|g \\\\");
}

}  // namespace hourglass
