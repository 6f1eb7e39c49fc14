// A deadline that the kernel keeps.
#pragma once

#include <chrono>
#include <optional>

namespace hupd::os {

// Kills this process with SIGKILL after `limit`, whatever it is doing, until disarmed. The
// guarantee that a child stuck in foreign code ends even when its master does not live to see it.
class SelfDestruct {
 public:
  SelfDestruct();  // not armed
  explicit SelfDestruct(std::chrono::milliseconds limit) : SelfDestruct() { arm(limit); }
  ~SelfDestruct();
  SelfDestruct(const SelfDestruct&) = delete;
  SelfDestruct& operator=(const SelfDestruct&) = delete;

  // False: the kernel gave no timer (RLIMIT_SIGPENDING), errno says why. It will never strike.
  explicit operator bool() const { return timer_.has_value(); }
  void arm(std::chrono::milliseconds limit) const;  // also from a signal handler
  void disarm() const;

 private:
  std::optional<void*> timer_;
};

}  // namespace hupd::os
