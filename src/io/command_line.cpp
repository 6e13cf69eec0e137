#include "hourglass/io/command_line.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cmath>
#include <iostream>
#include <list>
#include <sstream>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/data/text_lines.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/formatting.hpp"

namespace hourglass {
namespace {

namespace po = boost::program_options;

/// For Boost's what(), which replaces %value% by the value, and does so for ever where that holds a
/// %value% itself: the same message, of texts that hold another character for each %.
std::string what(po::error& error) {
    struct Access : po::error_with_option_name {
        static auto& texts(po::error_with_option_name& e) { return e.*&Access::m_substitutions; }
    };
    constexpr char instead = '\x1a';
    if (auto* named = dynamic_cast<po::error_with_option_name*>(&error)) {
        for (auto& text : Access::texts(*named)) {
            std::ranges::replace(text.second, '%', instead);
        }
    }
    std::string message = error.what();
    std::ranges::replace(message, instead, '%');
    return message;
}

/// Boost's message, and what was expected where it does not say so.
std::string readable(po::error& error, const po::options_description& all) {
    std::string message = what(error);
    if (const auto* invalid = dynamic_cast<const po::validation_error*>(&error)) {
        std::string name = invalid->get_option_name();
        name.erase(0, name.find_first_not_of('-'));
        const auto* option = all.find_nothrow(name, false);
        using Counts = po::typed_value<std::int64_t>;
        const bool is_switch = dynamic_cast<const po::invalid_bool_value*>(invalid) != nullptr;
        const bool is_count = option && dynamic_cast<const Counts*>(option->semantic().get());
        message += is_switch  ? ": expected true or false"
                   : is_count ? ": expected a whole number, in digits, of at most " + std::to_string(INT64_MAX)
                              : ": expected a number";
    }
    return message + "; see --help";
}

}  // namespace

struct CommandLine::Implementation {
    std::string usage;
    std::list<po::options_description> sections;
    std::string positional;  // the option that may be left out before its value
    po::variables_map values;

    void add(const char* option, const po::value_semantic* value, const char* help) {
        sections.back().add_options()(option, value, help);
    }
};

CommandLine::CommandLine(std::string usage, const char* title) : implementation_(new Implementation) {
    implementation_->usage = std::move(usage);
    add_section(title);
}

CommandLine::~CommandLine() = default;

void CommandLine::add_section(const char* title) {
    implementation_->sections.emplace_back(title, 100);
}

void CommandLine::add_text(const char* option, const char* value_name, const std::string& help,
                           const std::string& default_text, Reader<std::string> read) {
    auto* value = po::value<std::string>()->value_name(value_name)->notifier(std::move(read));
    implementation_->add(option, default_text.empty() ? value : value->default_value(default_text), help.c_str());
}

void CommandLine::add_text(const char* option, const char* value_name, const std::string& help, std::string& text) {
    add_text(option, value_name, help, text, [&text](const std::string& given) { text = given; });
}

void CommandLine::add_number(const char* option, const char* help, double& number) {
    auto* value = po::value(&number)->value_name("X");
    implementation_->add(option, value->default_value(number, to_text(number)), help);
}

void CommandLine::add_count(const char* option, const char* help, Range range,
                            std::optional<std::int64_t> default_count, Reader<std::int64_t> read) {
    const auto read_checked = [option, range, read](std::int64_t n) {
        if (n < range.least || n > range.most) {
            throw Error(std::string("--") + option + ": expected a whole number from " + std::to_string(range.least) +
                        " to " + std::to_string(range.most) + ", got " + std::to_string(n));
        }
        read(n);
    };
    auto* value = po::value<std::int64_t>()->value_name("N")->notifier(read_checked);
    implementation_->add(option, default_count ? value->default_value(*default_count) : value, help);
}

void CommandLine::add_switch(const char* option, const char* help, bool& on) {
    implementation_->add(option, po::bool_switch(&on)->default_value(on), help);
}

void CommandLine::add_list(const char* option, const char* value_name, const char* help,
                           std::vector<std::string>& texts) {
    implementation_->add(option, po::value(&texts)->composing()->value_name(value_name), help);
}

void CommandLine::add_positional(const char* option, const char* value_name, const char* help, std::string& text) {
    add_text(option, value_name, help, text);
    implementation_->positional = option;
}

bool CommandLine::parse(int argc, const char* const* argv) {
    implementation_->sections.back().add_options()(
        "config", po::value<std::string>()->value_name("FILE"),
        "Read options from a file of lines such as epochs = 500; the command line wins.")("help,h", po::bool_switch(),
                                                                                          "This text.");
    po::options_description all(100);
    for (const po::options_description& section : implementation_->sections) {
        all.add(section);
    }
    po::variables_map& values = implementation_->values;
    // No guessing: --epoch is a typing mistake for --epochs, and not another way to write it.
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    const std::string& positional = implementation_->positional;
    po::positional_options_description bare;
    if (!positional.empty()) {
        bare.add(positional.c_str(), 1);
    }
    try {
        po::store(po::command_line_parser(argc, argv).options(all).style(style).positional(bare).run(), values);
    } catch (const po::too_many_positional_options_error&) {
        throw Error("expected options, which begin with --, and " +
                    (positional.empty() ? "nothing else" : "one " + positional) + "; see --help");
    } catch (po::error& error) {
        throw Error(readable(error, all));
    }
    if (values["help"].as<bool>()) {
        std::cout << implementation_->usage << all;
        return false;
    }
    if (given("config")) {
        const std::string file = expand_home(values["config"].as<std::string>()).string();
        std::stringstream input;
        for (TextLines lines(file, "a file of options for --config"); lines.next();) {
            input << lines.line() << "\n";
        }
        try {
            po::store(po::parse_config_file(input, all), values);
        } catch (po::error& error) {
            throw Error(file + ": " + readable(error, all));
        }
    }
    po::notify(values);
    return true;
}

bool CommandLine::given(const std::string& option) const {
    const po::variables_map& values = implementation_->values;
    return values.count(option) > 0 && !values[option].defaulted();
}

void CommandLine::refuse(const std::vector<const char*>& options, const std::string& user) const {
    for (const char* option : options) {
        if (given(option)) {
            throw Error(std::string("--") + option + " is of no use to " + user);
        }
    }
}

std::vector<double> parse_numbers(const std::string& option, const std::string& text) {
    const auto numbers = numbers_from_text<double>(text);
    if (numbers.empty() || !std::ranges::all_of(numbers, [](double x) { return std::isfinite(x); })) {
        throw Error("--" + option + ": expected numbers such as 0.05,0.1, got '" + text + "'");
    }
    return numbers;
}

}  // namespace hourglass
