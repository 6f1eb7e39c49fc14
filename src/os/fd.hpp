// An owned file descriptor.
#pragma once

#include <utility>

#include "os/result.hpp"

namespace hupd::os {

// Closes what it owns. Empty when moved from. Every descriptor of the host is close-on-exec.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int owned) : fd_(owned) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  int get() const { return fd_; }  // -1: none
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }  // the caller closes it
  void reset();

 private:
  int fd_ = -1;
};

Result<Fd> duplicate(int fd);  // close-on-exec

// Opens /dev/null where standard input, output or error is closed. Else the next file that is
// opened takes the number, and gets what is meant for the log.
void fill_standard_descriptors();

}  // namespace hupd::os
