#include "os/no_wait_writer.hpp"

#include <climits>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

namespace hupd::os {

namespace {

constexpr int no_wait = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

// A reader that is gone makes it ready, too: the write tells.
bool is_ready(int fd) {
  pollfd one{fd, POLLOUT, 0};
  return ::poll(&one, 1, 0) > 0;
}

}  // namespace

NoWaitWriter NoWaitWriter::on(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return on_shared(fd);
  if (S_ISREG(status.st_mode)) return {Way::Write, fd, Fd()};
  if (S_ISSOCK(status.st_mode)) return {Way::Send, fd, Fd()};
  if (!S_ISFIFO(status.st_mode) && ::isatty(fd) == 0) return on_shared(fd);
  Fd own(::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), no_wait));
  const bool is_of_this_session = ::tcgetsid(fd) >= 0;  // then it may be opened whosever it is
  if (!own && is_of_this_session) own = Fd(::open("/dev/tty", no_wait));
  if (!own) return on_shared(fd);
  const int number = own.get();
  return {Way::Write, number, std::move(own)};
}

NoWaitWriter NoWaitWriter::on_shared(int fd) { return {Way::PollFirst, fd, Fd()}; }

Result<NoWaitWriter> NoWaitWriter::append_to(const std::string& path) {
  Fd own(::open(path.c_str(), no_wait | O_APPEND | O_CREAT, 0666));
  if (!own) return failed("open log file " + path);
  const int number = own.get();
  return NoWaitWriter(Way::Write, number, std::move(own));
}

Result<std::size_t> NoWaitWriter::write(std::string_view bytes) const {
  if (way_ == Way::PollFirst) {
    if (!is_ready(fd_)) return 0;
    bytes = bytes.substr(0, PIPE_BUF);
  }
  for (;;) {
    const ssize_t taken = way_ == Way::Send
                              ? ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                              : ::write(fd_, bytes.data(), bytes.size());
    if (taken >= 0) return static_cast<std::size_t>(taken);
    if (errno == EAGAIN) return 0;
    if (errno != EINTR) return failed("write");
  }
}

}  // namespace hupd::os
