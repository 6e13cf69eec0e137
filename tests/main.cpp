#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>

namespace {

bool nothing_ran = false;

/// Sees whether a pattern (-tc, -sf, ...) left any test to run.
struct Listener : doctest::IReporter {
    explicit Listener(const doctest::ContextOptions&) {}
    void test_run_end(const doctest::TestRunStats& stats) override {
        nothing_ran = stats.numTestCasesPassingFilters == 0;
    }
    void report_query(const doctest::QueryData&) override {}
    void test_run_start() override {}
    void test_case_start(const doctest::TestCaseData&) override {}
    void test_case_reenter(const doctest::TestCaseData&) override {}
    void test_case_end(const doctest::CurrentTestCaseStats&) override {}
    void test_case_exception(const doctest::TestCaseException&) override {}
    void subcase_start(const doctest::SubcaseSignature&) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData&) override {}
    void log_message(const doctest::MessageData&) override {}
    void test_case_skipped(const doctest::TestCaseData&) override {}
};
DOCTEST_REGISTER_LISTENER("nothing_ran", 1, Listener);

}  // namespace

/// The main of every test program: that of doctest, but a pattern that matches no test fails, and suites come last: where
/// a function is wrong, its own test fails before those of what is made of it.
int main(int argc, char** argv) {
    doctest::Context context;
    context.setOption("order-by", "suite");
    context.applyCommandLine(argc, argv);
    const int status = context.run();
    if (nothing_ran) {
        std::cerr << argv[0] << ": no test ran: nothing matches, or a slow one wants --no-skip\n";
        return EXIT_FAILURE;
    }
    return status;
}
