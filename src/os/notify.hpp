// The service manager's notification socket: sd_notify(3), one datagram a message. No library is
// linked for it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "os/fd.hpp"

namespace hupd::os {

class Notifier {
 public:
  // From NOTIFY_SOCKET and WATCHDOG_USEC/WATCHDOG_PID; without them every message is a no-op.
  static Notifier from_environment();

  // Lines such as "READY=1\nSTATUS=…". Never blocks: a manager that does not read is not waited
  // for.
  void send(const std::string& lines) const;
  // With a descriptor, for the manager's file descriptor store; -1: without. False: the manager is
  // slow to read, and there is no room; it was not sent.
  bool send_with(const std::string& lines, int fd) const;
  // Waits until the manager has read these and whatever was sent before them (its BARRIER=1).
  // False: it has not within `limit`.
  bool send_all_and_wait(const std::vector<std::string>& messages,
                         std::chrono::milliseconds limit) const;
  int fd() const { return socket_.get(); }  // -1: there is no manager
  bool is_there() const { return static_cast<bool>(socket_); }

  // How many descriptors the manager keeps (FDSTORE, of systemd 254 and later); nothing: it does
  // not say.
  std::optional<std::size_t> store_limit() const { return store_limit_; }

  // Why NOTIFY_SOCKET cannot be used; empty: it can, or it is not set.
  const std::string& fault() const { return fault_; }
  // How often the manager wants a WATCHDOG=1; nothing: it does not watch.
  std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }

 private:
  Fd socket_;
  std::string fault_;
  std::optional<std::chrono::microseconds> watchdog_;
  std::optional<std::size_t> store_limit_;
};

}  // namespace hupd::os
