// A socket whose close() waits.
#pragma once

#include <array>
#include <cstdlib>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/fd.hpp"

namespace hupd::test {

// One end of a connection over which nobody reads: it has bytes to send, and is to linger for a
// minute.
struct Lingering {
  os::Fd socket;
  os::Fd peer;

  Lingering() {
    const os::Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    socket = os::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const bool made = ::bind(listener.get(), raw, size) == 0 && ::listen(listener.get(), 1) == 0 &&
                      ::getsockname(listener.get(), raw, &size) == 0 &&
                      ::connect(socket.get(), raw, size) == 0;
    if (!made) std::abort();
    peer = os::Fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const std::array<char, 64 * 1024> bytes{};
    while (::send(socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
    }
    const linger minute{1, 60};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &minute, sizeof minute);
  }
};

}  // namespace hupd::test
