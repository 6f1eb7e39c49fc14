// A configuration as written: TOML's values, each with the place that faults about it name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hupd::config {

struct Place {
  std::string file;  // or the flag, "--listen", with line 0
  unsigned line = 0;
  unsigned column = 0;
};

struct Value;
struct Entry;
struct Date {
  std::string text;
};
using Array = std::vector<Value>;
using Table = std::vector<Entry>;  // in the order of the file

struct Value {
  std::variant<bool, std::int64_t, double, std::string, Date, Array, Table> data;
  Place place = {};
};

struct Entry {
  std::string key;
  Place place;  // the key's
  Value value;
};

// Nothing when `value` is no table or has no such key.
const Value* find(const Value& value, std::string_view key);

// The value in a few words for an error message: "\"abc\"", "42", "an array".
std::string shown(const Value& value);

// A scalar as an application reads it: "true", "42", "0.5", or the string itself. REQUIRES: neither
// table nor array.
std::string scalar_text(const Value& value);

}  // namespace hupd::config
