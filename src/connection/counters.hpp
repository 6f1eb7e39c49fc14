// What the connections of a worker have done. Plain numbers, so that the worker may place them in
// shared memory; written by the worker's thread only.
#pragma once

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

  // An application that counts for itself may miscount.
  std::uint64_t open() const { return accepted > closed ? accepted - closed : 0; }
};

}  // namespace hupd::connection
