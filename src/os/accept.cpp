#include "os/accept.hpp"

#include <sys/socket.h>

namespace hupd::os {

AcceptResult accept_one(int listener) {
  const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd >= 0) return {AcceptStatus::Accepted, Fd(fd), 0};
  const int code = errno;
  switch (code) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return {AcceptStatus::OutOfResources, Fd(), code};
    case EBADF:
    case EINVAL:
    case ENOTSOCK:
    case EOPNOTSUPP:
    case EFAULT:
      return {AcceptStatus::Broken, Fd(), code};
    default:  // EAGAIN, EINTR, ECONNABORTED and the network's errors that accept(2) lists
      return {AcceptStatus::Nothing, Fd(), code};
  }
}

}  // namespace hupd::os
