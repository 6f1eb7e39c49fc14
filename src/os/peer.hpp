// Who is at the other end of an accepted connection.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>

namespace hupd::os {

// Kept as the kernel gave it, since most connections are never asked for their peer's name.
class Peer {
 public:
  Peer() = default;  // a unix peer, which has no name

  static Peer from(const void* address, std::size_t size);  // a sockaddr, as accept4() filled it
  static Peer of(int fd);  // asks the kernel; a unix peer when it cannot say

  // What from() takes: a sockaddr; empty for a unix peer.
  std::span<const std::byte> raw() const { return {address_.data(), size_}; }
  bool is_tcp() const { return size_ != 0; }
  std::string text() const;  // "192.0.2.1:5050", "[2001:db8::1]:5050" or "unix"

 private:
  std::array<std::byte, 28> address_{};  // a sockaddr_in or sockaddr_in6
  std::size_t size_ = 0;
};

}  // namespace hupd::os
