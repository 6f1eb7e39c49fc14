// Descriptors kept free, for the application's own files and for connections that are handed over:
// the kernel drops those that it cannot place.
#pragma once

#include <algorithm>
#include <cstdint>

#include "os/limits.hpp"

namespace hupd::worker {

// Of the limit that the process had when this was made.
class Reserve {
 public:
  std::uint64_t limit() const { return limit_; }
  std::uint64_t size() const { return std::min<std::uint64_t>(64, limit_ / 4); }

  // The kernel gives the lowest free number, so that of a new descriptor tells how many are in use.
  // -1, no descriptor, is not in it.
  bool holds(int fd) const { return fd >= 0 && static_cast<std::uint64_t>(fd) + size() >= limit_; }

 private:
  std::uint64_t limit_ = os::descriptor_limit();
};

}  // namespace hupd::worker
