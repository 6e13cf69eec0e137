#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// The command line of a program: a table of options, each with the variable that it sets.
class CommandLine {
public:
    /// @param usage  the lines that --help begins with   @param title  of the first section
    explicit CommandLine(std::string usage, const char* title = "This exercise");
    ~CommandLine();

    /// The options that are added from here on stand under this title in --help.
    void add_section(const char* title);

    // An option, and the variable that it sets; what that holds before is the default, unless empty.
    void add_text(const char* option, const char* value_name, const std::string& help, std::string& text);
    void add_number(const char* option, const char* help, double& number);
    void add_switch(const char* option, const char* help, bool& on);
    void add_list(const char* option, const char* value_name, const char* help, std::vector<std::string>& texts);

    /// A text that may stand by itself, without --option before it: "./lab data FILE".
    void add_positional(const char* option, const char* value_name, const char* help, std::string& text);

    /// A text that `read` makes something else of, or throws an Error about.
    template <typename Value>
    using Reader = std::function<void(const Value&)>;
    void add_text(const char* option, const char* value_name, const std::string& help, const std::string& default_text,
                  Reader<std::string> read);

    /// One of several values that have names.
    template <typename Value>
    void add_choice(const char* option, const std::string& help, Value& value, Value (*from_name)(std::string_view)) {
        add_text(option, "X", help, std::string(name_of(value)),
                 [&value, from_name](const std::string& name) { value = from_name(name); });
    }

    /// A whole number of a range. The default of one that is not `shown` is not in --help.
    struct Range {
        std::int64_t least, most;
    };
    template <typename Count>
    void add_count(const char* option, const char* help, Range range, Count& count, bool shown = true) {
        add_count(option, help, range, shown ? std::optional(static_cast<std::int64_t>(count)) : std::nullopt,
                  [&count](std::int64_t n) { count = static_cast<Count>(n); });
    }

    /// Reads the command line, then the file that --config names; the command line wins.
    /// @returns false if it was --help, which is answered on standard output
    /// @throws Error  for an unknown option, a value not of its type or range, or an unreadable file
    bool parse(int argc, const char* const* argv);

    /// Was the option given, on the command line or in the file?
    bool given(const std::string& option) const;

    /// @throws Error  if one of these was given: "--momentum is of no use to adam"
    void refuse(const std::vector<const char*>& options, const std::string& user) const;

private:
    void add_count(const char* option, const char* help, Range range, std::optional<std::int64_t> default_count,
                   Reader<std::int64_t> read);

    struct Implementation;  // Boost's, whose header costs a second in every file that includes it
    std::unique_ptr<Implementation> implementation_;
};

/// "0.05,0.1,0.2" as numbers.
/// @throws Error  naming the option, unless it is a list of at least one number
std::vector<double> parse_numbers(const std::string& option, const std::string& text);

}  // namespace hourglass
