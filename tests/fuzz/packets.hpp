// Fuzz input as packets on a channel, each with descriptors of all kinds.
//
//   packet := count kind size(2) bytes     count of descriptors, 255: as many as a message takes
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/channel.hpp"
#include "os/memory.hpp"

namespace hupd::fuzz {

// What somebody may have to send.
class Palette {
 public:
  Palette() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    for (const int fd : ends) fds_.emplace_back(fd);
    fds_.push_back(std::move(*os::sealed_memory_with("sealed", "content")));
    fds_.push_back(std::move(*os::memory_file_with("open", "content")));
    fds_.emplace_back(::open("/", O_RDONLY | O_CLOEXEC));
    fds_.emplace_back(::open("/dev/null", O_RDWR | O_CLOEXEC));
    fds_.emplace_back(::epoll_create1(EPOLL_CLOEXEC));
  }
  // One after the other, from `first`; `own`: the end of the channel itself.
  std::vector<int> some(std::size_t count, std::size_t first, int own) const {
    std::vector<int> chosen;
    for (std::size_t i = 0; i < count; ++i) {
      const auto index = (first + i) % (fds_.size() + 1);
      chosen.push_back(index == fds_.size() ? own : fds_[index].get());
    }
    return chosen;
  }

 private:
  std::vector<os::Fd> fds_;
};

// Sends what there is of it, and says whether anything did.
inline bool send_one(std::string_view& input, int channel, const Palette& palette) {
  constexpr std::size_t head = 4;
  if (input.size() < head) return false;
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(input[at]); };
  const std::size_t count = byte(0) == 255 ? os::max_fds_per_packet : byte(0) % 20U;
  const auto fds = palette.some(count, byte(1), channel);
  const std::size_t size = byte(2) + 256U * byte(3);
  input.remove_prefix(head);
  const auto bytes = input.substr(0, size);
  input.remove_prefix(bytes.size());
  return os::send_packet(channel, bytes, fds, os::Wait::No).has_value();
}

// The next descriptor: the same before and after, unless one was left open.
inline int lowest_free() {
  const auto next = os::duplicate(0);
  return next ? next->get() : -1;
}

}  // namespace hupd::fuzz
