// Moments as the master writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hupd::metrics {

// Of "2026-11-22T20:00:00.123Z": milliseconds since 1970. Nothing: it is no such text.
std::optional<std::uint64_t> moment_of(std::string_view text);

}  // namespace hupd::metrics
