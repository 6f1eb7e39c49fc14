#include "os/pipe.hpp"

#include <array>
#include <cstdio>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace hupd::os {

namespace {
// A master that is stopped for a while must not stall workers that log: the kernel's usual 64 KiB
// fill quickly. 1 MiB is what an unprivileged process may ask for (/proc/sys/fs/pipe-max-size).
constexpr int wanted_capacity = whole_pipe;
}  // namespace

Result<OutputPipe> output_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed("make a pipe");
  OutputPipe pipe{Fd(ends[0]), Fd(ends[1])};
  ::fcntl(pipe.reader.get(), F_SETPIPE_SZ, wanted_capacity);  // a smaller one serves as well
  if (::fcntl(pipe.reader.get(), F_SETFL, O_NONBLOCK) != 0) return failed("set up a pipe");
  return pipe;
}

bool read_available(int fd, std::string& into, std::size_t most) {
  std::array<char, 16 * 1024> buffer{};
  std::size_t total = 0;
  while (total < most) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    into.append(buffer.data(), static_cast<std::size_t>(got));
    total += static_cast<std::size_t>(got);
  }
  return true;
}

void replace_output(int fd) {
  ::dup2(fd, STDOUT_FILENO);
  ::dup2(fd, STDERR_FILENO);
}

void set_output_waits(bool waits) {
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    const int flags = ::fcntl(fd, F_GETFL);
    ::fcntl(fd, F_SETFL, waits ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
  }
}

void write_out_lines() { std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ); }

void write_error(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace hupd::os
