#include "os/packet_socket.hpp"

#include <cstddef>
#include <cstring>

#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace hupd::os {

namespace {

constexpr int backlog = 32;

bool write_path(const std::string& path, sockaddr_un& address) {
  if (path.size() >= sizeof address.sun_path) return false;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  return true;
}

// An address that is short whatever the directory's is.
struct Place {
  Fd directory;
  sockaddr_un address{};
};

Result<Place> place_of(const std::string& directory, const std::string& name) {
  Place place;
  place.directory = Fd(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!place.directory) return failed("open " + directory);
  const auto path = "/proc/self/fd/" + std::to_string(place.directory.get()) + "/" + name;
  if (!write_path(path, place.address)) return refused(name + ": the name is too long");
  return place;
}

template <typename Address>
const sockaddr* generic(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

}  // namespace

Result<Fd> listen_packets(const std::string& directory, const std::string& name) {
  const auto what = "listen at " + directory + "/" + name;
  auto place = place_of(directory, name);
  if (!place) return tl::unexpected(place.error());
  Fd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return failed(what);
  ::unlinkat(place->directory.get(), name.c_str(), 0);
  if (::bind(fd.get(), generic(place->address), sizeof place->address) != 0) return failed(what);
  // Before it listens: nobody can have come yet.
  if (::fchmodat(place->directory.get(), name.c_str(), 0600, 0) != 0) return failed(what);
  if (::listen(fd.get(), backlog) != 0) return failed(what);
  return fd;
}

void listen_as_this_process(int fd) { ::listen(fd, backlog); }

Result<Fd> connect_packets(const std::string& directory, const std::string& name) {
  auto place = place_of(directory, name);
  if (!place) return tl::unexpected(place.error());
  Fd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd || ::connect(fd.get(), generic(place->address), sizeof place->address) != 0) {
    return failed("connect to " + directory + "/" + name);
  }
  return fd;
}

bool has_unread(int fd) {
  int bytes = 0;
  return ::ioctl(fd, SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

std::string listening_path(int fd) {
  int listens = 0;
  socklen_t size = sizeof listens;
  if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) return {};
  sockaddr_un address{};
  socklen_t length = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::getsockname(fd, any, &length) != 0 || address.sun_family != AF_UNIX) return {};
  if (length <= offsetof(sockaddr_un, sun_path) || address.sun_path[0] == '\0') return {};
  const auto longest = length - offsetof(sockaddr_un, sun_path);
  return {address.sun_path, ::strnlen(address.sun_path, longest)};
}

}  // namespace hupd::os
