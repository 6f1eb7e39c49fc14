// What the connections of a worker have done. Plain numbers, so that the worker may place them in
// shared memory; written by the worker's thread only.
#pragma once

#include <atomic>
#include <cstdint>

namespace hupd::connection {

struct Counters {
  std::uint64_t accepted = 0;
  std::uint64_t closed = 0;
  std::uint64_t requests = 0;
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_written = 0;
  std::uint64_t timeouts = 0;    // connections that a time limit ended
  std::uint64_t refused = 0;     // requests that the host itself answered with an error
  std::uint64_t taken_over = 0;  // connections that lived in another worker; they are accepted, too

  // Where others see how many are open, and do so at once: the next callback may be the one in
  // which this process dies, and with it what it has just accepted.
  std::atomic<std::uint32_t>* shown = nullptr;

  void opened(std::uint64_t more = 1) {
    accepted += more;
    if (shown == nullptr) return;
    shown->store(static_cast<std::uint32_t>(open()), std::memory_order_relaxed);
  }
  // An application that counts for itself may miscount.
  std::uint64_t open() const { return accepted > closed ? accepted - closed : 0; }
};

}  // namespace hupd::connection
