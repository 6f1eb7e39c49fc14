// TOML in and out. The one place that knows toml++.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/fault.hpp"
#include "config/value.hpp"

namespace hupd::config {

// The whole document as a table. `name` is the file that its places name.
tl::expected<Value, Fault> parse_toml(std::string_view text, const std::string& name);

// REQUIRES: `value` is a table.
std::string to_toml(const Value& value);
std::string to_json(const Value& value);

}  // namespace hupd::config
