#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass {

/// The command line of an exercise. What an option means, and which values it may have, is decided where it
/// is read; see options.hpp for those that all exercises share.
class CommandLine {
public:
    /// @param usage  the lines that --help begins with
    explicit CommandLine(std::string usage);
    ~CommandLine();

    /// The options that are added from here on stand under this title in --help.
    void add_section(const char* title);

    // An option with one value, which may have a default; a switch; one that may be given several times.
    using Default = std::optional<std::string>;
    void add_text(const char* option, const char* value_name, const std::string& help,
                  const Default& default_value = {});
    void add_number(const char* option, const char* help, double default_value);
    void add_count(const char* option, const char* help, std::optional<std::int64_t> default_value);
    void add_switch(const char* option, const char* help);
    void add_list(const char* option, const char* value_name, const char* help);

    /// Reads the command line, then the file that --config names; the command line wins.
    /// @returns false if it was --help, which is answered on standard output
    /// @throws Error  for an unknown option, a value that is not of its type, or an unreadable file
    bool parse(int argc, const char* const* argv);

    /// Was the option given, on the command line or in the file?
    bool given(const std::string& option) const;

    // The value of an option, or its default. Without one: an empty text or list, a switch that is off.
    std::string text(const std::string& option) const;
    std::vector<std::string> list(const std::string& option) const;
    double number(const std::string& option) const;
    bool is_on(const std::string& option) const;

    /// A whole number from `least` to `most`. @throws Error  if it is not
    std::int64_t count(const std::string& option, std::int64_t least, std::int64_t most) const;

    /// @throws Error  if one of these was given: "--momentum is of no use to adam"
    void refuse(const std::vector<const char*>& options, const std::string& user) const;

private:
    struct Implementation;  // Boost's, whose header costs a second in every file that includes it
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace hourglass
