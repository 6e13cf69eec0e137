#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "hourglass/core/error.hpp"

namespace hourglass {

/// The value of an enumeration that name_of calls so: its inverse.
/// @param what  is named, for the message   @param all  its values
/// @throws Error  for an unknown name: "unknown loss 'l2': expected mse, mae or cross_entropy"
template <typename Value>
Value value_from_name(const std::string& what, std::string_view name, std::initializer_list<Value> all) {
    std::string expected;
    for (const Value& value : all) {
        if (name == name_of(value)) {
            return value;
        }
        const char* separator = &value == all.begin() ? "" : &value + 1 == all.end() ? " or " : ", ";
        expected += separator + std::string(name_of(value));
    }
    throw Error("unknown " + what + " '" + std::string(name) + "': expected " + expected);
}

}  // namespace hourglass
