// A SOCK_SEQPACKET pair: whole messages, descriptors along with them, end of file when the other
// side is gone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "os/fd.hpp"
#include "os/result.hpp"

namespace hupd::os {

// The kernel takes at most 253 descriptors with a message (SCM_MAX_FD).
inline constexpr std::size_t max_fds_per_packet = 253;
inline constexpr std::size_t max_packet_bytes = 64 * 1024;

struct Packet {
  std::string bytes;
  std::vector<Fd> fds;
};
struct Stripped {  // a packet of whose descriptors some found no room in this process
  std::string bytes;
  std::vector<Fd> fds;  // the others
};
struct Unusable {  // a packet that was cut, or is empty
  std::string why;
  std::vector<Fd> fds;  // that came along
};
struct WouldBlock {};
struct EndOfFile {};
using Received = std::variant<Packet, Stripped, Unusable, WouldBlock, EndOfFile>;

enum class Wait { No, Yes };

// Both ends are blocking and close-on-exec; Wait::No makes a single call non-blocking.
Result<std::pair<Fd, Fd>> channel_pair();

// Sends one packet; the descriptors stay the caller's. With Wait::No a full queue is EAGAIN.
Result<void> send_packet(int fd, std::string_view bytes, const std::vector<int>& fds, Wait wait);

// What the other side sent is received before its end. An empty packet counts as the end, too, once
// the other side is gone.
Result<Received> receive_packet(int fd, Wait wait);

}  // namespace hupd::os
