// A deadline that the kernel keeps.
#pragma once

#include <chrono>
#include <optional>

namespace hupd::os {

// Kills this process with SIGKILL after `limit`, whatever it is doing, until disarmed. The
// guarantee that a child stuck in foreign code ends even when its master does not live to see it.
class SelfDestruct {
 public:
  explicit SelfDestruct(std::chrono::milliseconds limit);
  ~SelfDestruct() { disarm(); }
  SelfDestruct(const SelfDestruct&) = delete;
  SelfDestruct& operator=(const SelfDestruct&) = delete;
  void disarm();

 private:
  std::optional<void*> timer_;
};

}  // namespace hupd::os
