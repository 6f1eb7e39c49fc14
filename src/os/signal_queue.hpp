// A signal that leads a process, as a descriptor to be read.
#pragma once

#include "os/fd.hpp"

namespace hupd::os {

// From its making on this signal waits in the kernel until it is asked for, once, however often and
// fast it is sent. So none interrupts a call, none is lost for want of room, none that comes at the
// very end changes how the process ends, and what waits survives an exec. (A handler that writes to
// a pipe, as libuv's does, loses a SIGCHLD behind some thousand SIGTERMs.) A queue has one number
// only, since the kernel gives the lowest first: a flood of one would starve the others.
//
// It stays so when this object is gone: what comes then waits for the next one, of this program or
// of the one that it becomes.
//
// Blocks it for the calling thread, which is to be the only one.
class SignalQueue {
 public:
  static Result<SignalQueue> create(int number);

  int fd() const { return fd_.get(); }  // readable while it waits
  bool take();                          // false: it has not come since the last call

 private:
  explicit SignalQueue(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace hupd::os
