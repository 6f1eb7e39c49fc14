#include "address.hpp"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace hupd::torture {
namespace {

[[noreturn]] void refuse(const std::string& text, const char* reason) {
  throw std::invalid_argument(text + ": " + reason);
}

template <typename Kind>
Address pack(const std::string& text, const Kind& kind) {
  static_assert(sizeof(Kind) <= sizeof(sockaddr_storage));
  Address address{.text = text, .size = sizeof(Kind)};
  std::memcpy(&address.storage, &kind, sizeof kind);
  return address;
}

Address parse_unix(const std::string& text, const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof name.sun_path) refuse(text, "path empty or too long");
  std::memcpy(name.sun_path, path.data(), path.size());
  return pack(text, name);
}

std::uint16_t parse_port(const std::string& text, const std::string& digits) {
  std::uint16_t port = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc{} || stop != end || port == 0) refuse(text, "needs a port, 1 to 65535");
  return port;
}

bool is_loopback(const in_addr& address) { return (ntohl(address.s_addr) >> 24) == 127; }

}  // namespace

Address parse_address(const std::string& text) {
  if (text.starts_with("unix:")) return parse_unix(text, text.substr(5));
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) refuse(text, "needs a port, as in 127.0.0.1:8080");
  const std::uint16_t port = parse_port(text, text.substr(colon + 1));
  std::string host = text.substr(0, colon);

  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    sockaddr_in6 name{};
    name.sin6_family = AF_INET6;
    name.sin6_port = htons(port);
    host = host.substr(1, host.size() - 2);
    if (inet_pton(AF_INET6, host.c_str(), &name.sin6_addr) != 1) refuse(text, "no IPv6 address");
    if (!IN6_IS_ADDR_LOOPBACK(&name.sin6_addr)) refuse(text, "not a loopback address");
    return pack(text, name);
  }
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &name.sin_addr) != 1) refuse(text, "no literal address");
  if (!is_loopback(name.sin_addr)) refuse(text, "not a loopback address");
  return pack(text, name);
}

std::string own_address(int fd) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) return {};
  if (name.ss_family != AF_INET && name.ss_family != AF_INET6) return {};
  char host[INET6_ADDRSTRLEN];
  if (name.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(name);
    inet_ntop(AF_INET, &four.sin_addr, host, sizeof host);
    return host + (":" + std::to_string(ntohs(four.sin_port)));
  }
  const auto& six = reinterpret_cast<const sockaddr_in6&>(name);
  inet_ntop(AF_INET6, &six.sin6_addr, host, sizeof host);
  return "[" + std::string(host) + "]:" + std::to_string(ntohs(six.sin6_port));
}

Address spread_source(unsigned turn) {
  constexpr unsigned sources = 64;
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(0x7f4d0001u + ((turn % sources) << 8));  // 127.77.0.1, 127.77.1.1, …
  return pack("127.77.0.0/16", name);
}

}  // namespace hupd::torture
