#include "os/discard.hpp"

#include <array>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/fd_info.hpp"

namespace hupd::os {

namespace {

// Until the other process has closed its copies.
[[noreturn]] void wait_and_end(int told) {
  char none = 0;
  while (::read(told, &none, sizeof none) < 0 && errno == EINTR) {
  }
  ::_exit(0);
}

// False: there is no such process to be had.
bool close_with_another(std::vector<Fd>& fds) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  const Fd told(ends[0]);
  const Fd tells(ends[1]);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(tells.get());
    wait_and_end(told.get());
  }
  if (pid < 0) return false;
  fds.clear();
  return true;
}

}  // namespace

void discard(std::vector<Fd> fds) {
  if (fds.empty() || close_with_another(fds)) return;
  const linger none{0, 0};  // as well as can be; of what is no socket it is an error
  for (const auto& fd : fds) ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

void discard_channel(Fd end) {
  if (!end) return;
  ::shutdown(end.get(), SHUT_RDWR);  // nothing more comes
  if (fd_info(end.get(), "scm_fds:") == 0) return;
  std::vector<Fd> one;
  one.push_back(std::move(end));
  discard(std::move(one));
}

}  // namespace hupd::os
