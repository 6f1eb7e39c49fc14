#include "os/peer.hpp"

#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace hupd::os {

static_assert(sizeof(sockaddr_in6) == 28 && sizeof(sockaddr_in) <= 28);

Peer Peer::from(const void* address, std::size_t size) {
  Peer peer;
  sa_family_t family = AF_UNSPEC;
  if (size < offsetof(sockaddr, sa_family) + sizeof family) return peer;
  std::memcpy(&family, static_cast<const char*>(address) + offsetof(sockaddr, sa_family),
              sizeof family);
  const std::size_t whole = family == AF_INET    ? sizeof(sockaddr_in)
                            : family == AF_INET6 ? sizeof(sockaddr_in6)
                                                 : 0;
  if (whole == 0 || size < whole) return peer;
  std::memcpy(peer.address_.data(), address, whole);
  peer.size_ = whole;
  return peer;
}

Peer Peer::of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return from(&address, size);
}

std::string Peer::text() const {
  std::array<char, INET6_ADDRSTRLEN> host{};
  if (size_ == sizeof(sockaddr_in)) {
    sockaddr_in v4{};
    std::memcpy(&v4, address_.data(), sizeof v4);
    ::inet_ntop(AF_INET, &v4.sin_addr, host.data(), host.size());
    return std::string(host.data()) + ":" + std::to_string(ntohs(v4.sin_port));
  }
  if (size_ == sizeof(sockaddr_in6)) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address_.data(), sizeof v6);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, host.data(), host.size());
    return "[" + std::string(host.data()) + "]:" + std::to_string(ntohs(v6.sin6_port));
  }
  return "unix";
}

}  // namespace hupd::os
