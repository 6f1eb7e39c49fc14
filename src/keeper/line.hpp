// One end of a channel that carries what masters and keepers say.
#pragma once

#include <variant>
#include <vector>

#include "keeper/message.hpp"
#include "os/channel.hpp"

namespace hupd::keeper {

struct Letter {
  Message message;
  std::vector<os::Fd> fds;
};
struct Unusable {
  std::string why;
};
using Delivery = std::variant<Letter, Unusable, os::WouldBlock, os::EndOfFile>;

class Line {
 public:
  Line() = default;
  explicit Line(os::Fd end) : end_(std::move(end)) {}

  // Never waits. An error that has_no_room(): it may go later.
  os::Result<void> send(const Message& message, const std::vector<int>& fds = {}) const;
  // What comes along with anything unusable is closed without waiting.
  Delivery receive() const;

  int fd() const { return end_.get(); }
  explicit operator bool() const { return static_cast<bool>(end_); }
  os::Fd release() { return std::move(end_); }

 private:
  os::Fd end_;
};

// `too_many`: of descriptors that are on their way, so that it does not help to wait for room.
bool has_no_room(const os::Error& error);
bool too_many(const os::Error& error);

}  // namespace hupd::keeper
