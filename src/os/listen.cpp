#include "os/listen.hpp"

#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace hupd::os {

namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

std::optional<Address> tcp_address(const std::string& host, std::uint16_t port) {
  Address address;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&address.storage, &v4, sizeof v4);
    address.size = sizeof v4;
  } else if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&address.storage, &v6, sizeof v6);
    address.size = sizeof v6;
  } else {
    return std::nullopt;
  }
  return address;
}

std::optional<Address> unix_address(const std::string& path) {
  sockaddr_un un{};
  if (path.size() >= sizeof un.sun_path) return std::nullopt;
  un.sun_family = AF_UNIX;
  std::memcpy(un.sun_path, path.c_str(), path.size());
  Address address;
  std::memcpy(&address.storage, &un, sizeof un);
  address.size = sizeof un;
  return address;
}

std::string hint(int code) {
  if (code == EACCES) return " (run as root, or use a socket unit, or a port above 1023)";
  if (code == EADDRINUSE) return " (another process listens there)";
  return "";
}

tl::unexpected<Error> listen_failed(const std::string& text, int code) {
  auto error = failed("listen on " + text, code);
  error.value().text += hint(code);
  return error;
}

bool somebody_listens(const Address& address) {
  const Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!probe) return true;  // unknown: leave the file alone
  return ::connect(probe.get(), address.get(), address.size) == 0 || errno != ECONNREFUSED;
}

}  // namespace

Result<Fd> listen_tcp(const std::string& text, const std::string& host, std::uint16_t port,
                      bool v6_only, std::uint32_t backlog) {
  const auto address = tcp_address(host, port);
  if (!address) return refused("listen on " + text + ": not an IP address");
  Fd fd(::socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return listen_failed(text, errno);
  const int on = 1;
  const int only = v6_only ? 1 : 0;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address->storage.ss_family == AF_INET6) {
    ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
  }
  if (::bind(fd.get(), address->get(), address->size) != 0 ||
      ::listen(fd.get(), static_cast<int>(backlog)) != 0) {
    return listen_failed(text, errno);
  }
  return fd;
}

Result<Fd> listen_unix(const std::string& text, const UnixSocket& socket, std::uint32_t backlog) {
  const auto address = unix_address(socket.path);
  if (!address) return refused("listen on " + text + ": the path is too long (107 bytes at most)");
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return listen_failed(text, errno);
  struct stat status = {};
  if (::lstat(socket.path.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode))
      return refused("listen on " + text + ": not a socket, left alone");
    if (somebody_listens(*address)) return listen_failed(text, EADDRINUSE);
    ::unlink(socket.path.c_str());
  }
  const mode_t before = ::umask(0177);
  const int bound = ::bind(fd.get(), address->get(), address->size);
  const int why = errno;
  ::umask(before);
  if (bound != 0) return listen_failed(text, why);
  // Before listen(), so that nobody can connect to a socket with the wrong owner or mode.
  if (auto set = set_socket_access(socket); !set) {
    ::unlink(socket.path.c_str());
    return refused("listen on " + text + ": " + set.error().text);
  }
  if (::listen(fd.get(), static_cast<int>(backlog)) != 0) return listen_failed(text, errno);
  return fd;
}

std::optional<FileIdentity> file_at(const std::string& path) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return FileIdentity{status.st_dev, status.st_ino};
}

void remove_socket_file(const std::string& path, const FileIdentity& ours) {
  if (file_at(path) == ours) ::unlink(path.c_str());
}

void end_listening(int fd) { ::shutdown(fd, SHUT_RD); }

void set_backlog(int fd, std::uint32_t backlog) { ::listen(fd, static_cast<int>(backlog)); }

}  // namespace hupd::os
