// How a kind of value is read, checked and written: the words of the key table.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/context.hpp"
#include "config/settings.hpp"
#include "config/value.hpp"

namespace hupd::config {

template <typename T>
struct Codec {
  std::string type;   // for the documentation: "duration"
  std::string range;  // "1ms to 1d"; may be empty
  std::function<std::optional<T>(const Value&, Context&)> read;  // nothing: a fault was noted
  std::function<Value(const T&)> write;                          // which `read` takes back
};

// A string without a NUL, which would end it early in a system call. Null: a fault was noted.
const std::string* plain_text(const Value& value, Context& context, std::string_view what);

Codec<bool> flag();
Codec<std::uint32_t> count(std::uint32_t least, std::uint32_t most);
Codec<Millis> duration(Millis least, Millis most);
Codec<Millis> hold();  // a duration, or "manual", which is Millis::max()
Codec<Bytes> size(Bytes least, Bytes most);
Codec<std::uint32_t> percent();
Codec<std::uint32_t> workers();  // a number, or "auto"
Codec<std::uint32_t> surge();    // a number of workers, or a percentage of them; "100%" is 0
Codec<std::uint32_t> file_mode();

using Mask = std::optional<std::uint32_t>;
Codec<Mask> file_mask();  // empty text: none

Codec<LogLevel> log_level();
Codec<LogFormat> log_format();

Codec<std::string> path();           // made absolute; may be empty
Codec<std::string> required_path();  // never empty
Codec<std::string> user();           // a name or a number; may be empty
Codec<std::string> group();
Codec<std::vector<std::string>> users();
Codec<std::vector<std::string>> groups();
Codec<std::map<std::string, std::string>> environment();
Codec<std::string> request_path();  // of an HTTP request: "/healthz"; may be empty
Codec<std::string> request_host();  // its Host field

using Limits = std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>;
Codec<Limits> limits();
Codec<std::vector<Listen>> listen();        // one at least
Codec<std::vector<Listen>> listen_maybe();  // one, also without a list, some or none

}  // namespace hupd::config
