// A channel that carries messages.
#pragma once

#include <variant>
#include <vector>

#include "os/channel.hpp"
#include "wire/messages.hpp"

namespace hupd::wire {

struct Letter {
  Message message;
  std::vector<os::Fd> fds;  // of Left and Inherit: none when they found no room in this process
};
struct Malformed {  // bytes that are no message, or a message that was cut: nothing was changed
  std::string what;
  std::vector<os::Fd> fds = {};  // that came along
};
using Delivery = std::variant<Letter, os::WouldBlock, os::EndOfFile, Malformed>;

// One end of a channel, owned. A queue that is full is an error for Wait::No (EAGAIN): the master
// never waits for a child.
class Link {
 public:
  Link() = default;
  explicit Link(os::Fd end) : end_(std::move(end)) {}

  os::Result<void> send(const Message& message, const std::vector<int>& fds, os::Wait wait) const;
  Delivery receive(os::Wait wait) const;

  int fd() const { return end_.get(); }
  explicit operator bool() const { return static_cast<bool>(end_); }
  void close() { end_.reset(); }
  os::Fd release() { return std::move(end_); }

 private:
  os::Fd end_;
};

}  // namespace hupd::wire
