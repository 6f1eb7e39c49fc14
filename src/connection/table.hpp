// Reading tables of callbacks and values that an application compiled, perhaps against an older
// header.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hupd::connection {

// The table as this host knows it: what the application's version did not have yet is zero.
template <class Table>
Table complete(const Table* theirs) {
  Table ours{};
  if (theirs != nullptr) {
    std::uint32_t size = 0;
    std::memcpy(&size, theirs, sizeof size);  // every table begins with its size
    std::memcpy(&ours, theirs, std::min<std::size_t>(size, sizeof ours));
  }
  return ours;
}

}  // namespace hupd::connection
