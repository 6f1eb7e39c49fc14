#include "os/clock.hpp"

#include <ctime>

namespace hupd::os {

std::uint64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec);
}

std::uint64_t monotonic_us() { return monotonic_ns() / 1000U; }

std::chrono::milliseconds monotonic_now() {
  return std::chrono::milliseconds(monotonic_ns() / 1'000'000U);
}

}  // namespace hupd::os
