// When a process of hupd's own that has ended is started again: ever later, until one has lasted.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace hupd::master {

struct Restarts {
  using Time = std::chrono::milliseconds;  // monotonic

  Time started_at{0};
  std::uint32_t failures = 0;  // in a row

  void started(Time now) { started_at = now; }
  // It has ended: so long from now on.
  Time pause(Time now) {
    constexpr Time first{100}, cap{30'000}, stable_after{10'000};
    if (now - started_at >= stable_after) failures = 0;
    return std::min(first * (1U << std::min(failures++, 16U)), cap);
  }
};

}  // namespace hupd::master
