// Writing that never waits for a reader, to descriptors that other programs may share.
//
// O_NONBLOCK belongs to the open file description: set on a standard error that was inherited, it
// would be set for everyone who inherited it, too. So a pipe or terminal is opened once more
// (/proc/self/fd/N, or /dev/tty), which makes a description of one's own; each message to a socket
// has a flag of its own; and a regular file has no reader to wait for.
#pragma once

#include <string>
#include <string_view>

#include "os/fd.hpp"
#include "os/result.hpp"

namespace hupd::os {

class NoWaitWriter {
 public:
  // To what `fd` is connected to now. `fd` stays the caller's, and open.
  static NoWaitWriter on(int fd);
  // The same, never by a description of one's own: what there is for a pipe of another user, which
  // may not be opened again. By poll(2), and no more than PIPE_BUF at a time: a pipe that polls
  // writable has room for so much (pipe(7)). It can wait after all where another program fills the
  // pipe between the two calls, or where a terminal has room for part of a line only.
  static NoWaitWriter on_shared(int fd);
  // Opens or makes the file; the error names it. A fifo without a reader is an error.
  static Result<NoWaitWriter> append_to(const std::string& path);

  // How many of `bytes` were taken, perhaps not all; 0: none can be now.
  Result<std::size_t> write(std::string_view bytes) const;

 private:
  enum class Way { Write, Send, PollFirst };
  NoWaitWriter(Way way, int fd, Fd own) : way_(way), fd_(fd), own_(std::move(own)) {}

  Way way_;
  int fd_;
  Fd own_;  // `fd_`, where it is not the caller's
};

}  // namespace hupd::os
