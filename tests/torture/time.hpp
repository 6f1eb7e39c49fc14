// The one clock of the torture client.
#pragma once

#include <chrono>
#include <cstdint>

namespace hupd::torture {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;

inline std::uint64_t micros(Duration span) {
  const auto count = std::chrono::duration_cast<std::chrono::microseconds>(span).count();
  return count < 0 ? 0 : static_cast<std::uint64_t>(count);
}

inline double seconds(Duration span) { return std::chrono::duration<double>(span).count(); }

}  // namespace hupd::torture
