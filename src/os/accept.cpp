#include "os/accept.hpp"

#include <sys/socket.h>

namespace hupd::os {

AcceptResult accept_one(int listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  const int fd = ::accept4(listener, reinterpret_cast<sockaddr*>(&address), &size,
                           SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd >= 0) return {AcceptStatus::Accepted, Fd(fd), Peer::from(&address, size), 0};
  const int code = errno;
  switch (code) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return {AcceptStatus::OutOfResources, Fd(), Peer(), code};
    case EBADF:
    case EINVAL:
    case ENOTSOCK:
    case EOPNOTSUPP:
    case EFAULT:
      return {AcceptStatus::Broken, Fd(), Peer(), code};
    default:  // EAGAIN, EINTR, ECONNABORTED and the network's errors that accept(2) lists
      return {AcceptStatus::Nothing, Fd(), Peer(), code};
  }
}

}  // namespace hupd::os
