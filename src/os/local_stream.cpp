#include "os/local_stream.hpp"

#include <algorithm>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hupd::os {

Result<Fd> connect_local(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) {
    return refused("connect to " + path + ": the path is too long (107 bytes at most)");
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return failed("make a socket");
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return failed("connect to " + path);
  }
  return fd;
}

Result<std::pair<Fd, Fd>> local_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
    return failed("make a pair of sockets");
  }
  return std::pair(Fd(ends[0]), Fd(ends[1]));
}

Result<std::size_t> send_now(int fd, std::string_view bytes) {
  for (;;) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (errno == EAGAIN) return 0;
    if (errno != EINTR) return failed("send");
  }
}

bool wait_for_stream(int fd, bool writing, std::chrono::milliseconds longest) {
  pollfd waiting{fd, static_cast<short>(writing ? POLLOUT : POLLIN), 0};
  return ::poll(&waiting, 1, static_cast<int>(std::min<long long>(longest.count(), 3'600'000))) > 0;
}

bool has_hung_up(int fd) {
  pollfd asked{fd, 0, 0};
  return ::poll(&asked, 1, 0) > 0 && (asked.revents & (POLLHUP | POLLERR)) != 0;
}

Result<Credentials> peer_credentials(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return failed("ask who is connected");
  }
  Credentials credentials{peer.uid, peer.gid, std::vector<gid_t>(64), peer.pid};
  auto& groups = credentials.groups;
  for (;;) {
    socklen_t bytes = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    const int got = ::getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &bytes);
    if (got != 0 && errno != ERANGE) return failed("ask for the groups of who is connected");
    groups.resize(bytes / sizeof(gid_t));  // when there was no room: what it takes
    if (got == 0) return credentials;
  }
}

std::uint32_t own_uid() { return ::geteuid(); }

}  // namespace hupd::os
