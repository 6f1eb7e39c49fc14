// What ranges in the key tables are made of.
#pragma once

#include "config/settings.hpp"

namespace hupd::config {

inline constexpr Millis instant = Millis(1);
inline constexpr Millis hour = std::chrono::hours(1);
inline constexpr Millis day = std::chrono::hours(24);
inline constexpr Bytes kib = 1024;
inline constexpr Bytes mib = 1024 * kib;
inline constexpr Bytes gib = 1024 * mib;

}  // namespace hupd::config
