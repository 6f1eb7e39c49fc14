// What was typed behind a flag, as values of a configuration. They have the flag for a place, with
// line 0.
#pragma once

#include <string>
#include <vector>

#include "config/value.hpp"

namespace hupd::config {

using Path = std::vector<std::string>;

// The keys of "app.web.\"a b\"", read as TOML reads them. Empty: it is no key.
Path keys_of(const std::string& text);

Value text_of(const std::string& text, const char* flag);

// What TOML takes for a value is one; all else is a string, so that no shell needs quotes in
// quotes.
Value value_of(const std::string& text, const char* flag);

}  // namespace hupd::config
