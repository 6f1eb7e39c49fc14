// Durations, sizes and percentages with their units, as text and back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/settings.hpp"

namespace hupd::config {

// The error is a hint for whoever wrote it: `a unit is missing: "30s" or "30ms"`.
template <typename T>
using Read = tl::expected<T, std::string>;

Read<Millis> parse_duration(std::string_view text);        // "500ms" "30s" "5m" "1h" "1d" "0"
Read<Bytes> parse_size(std::string_view text);             // "1000B" "64kB" "512KiB" "1GiB"
Read<std::uint32_t> parse_percent(std::string_view text);  // "20%"
Read<std::uint32_t> parse_octal(std::string_view text);    // "0027", at most "0777"

// In the greatest unit that gives a whole number: what the parse functions take back.
std::string format_duration(Millis duration);
std::string format_size(Bytes size);
std::string format_octal(std::uint32_t bits);

}  // namespace hupd::config
