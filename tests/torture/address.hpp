// Where the load goes: loopback and unix sockets only, so that a slip of the hand cannot aim a load
// generator at somebody else's machine.
#pragma once

#include <string>

#include <sys/socket.h>

namespace hupd::torture {

struct Address {
  std::string text;  // as written
  sockaddr_storage storage{};
  socklen_t size = 0;

  int family() const { return storage.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// The own address of a socket, as parse_address takes it; empty for a unix socket's.
std::string own_address(int fd);

// "127.0.0.1:8080", "[::1]:8080", "unix:/run/web.sock". Throws std::invalid_argument with the
// reason for anything else, names included.
Address parse_address(const std::string& text);

// The `turn`th source address of 127.0.0.0/8: each has ephemeral ports of its own, so that ports in
// TIME_WAIT never become the limit of a run.
Address spread_source(unsigned turn);

}  // namespace hupd::torture
