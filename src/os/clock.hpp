// Clocks. CLOCK_MONOTONIC: not moved by the administrator, standing still while suspended.
#pragma once

#include <chrono>
#include <cstdint>

namespace hupd::os {

std::chrono::milliseconds monotonic_now();
std::uint64_t monotonic_ns();
std::uint64_t monotonic_us();  // what systemd calls MONOTONIC_USEC

}  // namespace hupd::os
