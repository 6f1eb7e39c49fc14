#include "os/notify.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hupd::os {

namespace {

Result<Fd> connect_to(std::string_view path) {
  const std::string what = "NOTIFY_SOCKET " + std::string(path);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() < 2 || path.size() >= sizeof address.sun_path) {
    return refused(what + ": not the path of a socket");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace
  Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) {
    return failed(what);
  }
  return socket;
}

bool is_ready(int fd, short events, std::chrono::steady_clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      std::max(end - std::chrono::steady_clock::now(), std::chrono::steady_clock::duration(0)));
  pollfd waited{fd, events, 0};
  const int count = ::poll(&waited, 1, static_cast<int>(left.count()));
  return count > 0;
}

}  // namespace

Notifier Notifier::from_environment() {
  Notifier notifier;
  if (const char* path = ::getenv("NOTIFY_SOCKET")) {
    auto socket = connect_to(path);
    if (socket) notifier.socket_ = std::move(*socket);
    if (!socket) notifier.fault_ = socket.error().text;
  }
  const char* pid = ::getenv("WATCHDOG_PID");
  const char* period = ::getenv("WATCHDOG_USEC");
  const bool ours = pid == nullptr || std::atol(pid) == ::getpid();
  if (period != nullptr && ours && std::atoll(period) > 0) {
    notifier.watchdog_ = std::chrono::microseconds(std::atoll(period));
  }
  if (const char* most = ::getenv("FDSTORE"))
    notifier.store_limit_ = std::strtoul(most, nullptr, 10);
  return notifier;
}

void Notifier::send(const std::string& lines) const {
  if (socket_) ::send(socket_.get(), lines.data(), lines.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool Notifier::send_with(const std::string& lines, int fd) const {
  iovec bytes{const_cast<char*>(lines.data()), lines.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  if (fd >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  }
  if (!socket_ || ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return true;
  return errno != EAGAIN && errno != ENOBUFS && errno != ETOOMANYREFS;
}

// The manager closes the writing end when it comes to the barrier; the reading end tells.
bool Notifier::send_all_and_wait(const std::vector<std::string>& messages,
                                 std::chrono::milliseconds limit) const {
  if (!socket_) return true;
  const auto end = std::chrono::steady_clock::now() + limit;
  const auto send_waiting = [&](const std::string& lines, int fd) {
    while (!send_with(lines, fd)) {
      if (!is_ready(socket_.get(), POLLOUT, end)) return false;
    }
    return true;
  };
  for (const auto& lines : messages) {
    if (!send_waiting(lines, -1)) return false;
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  const Fd told(ends[0]);
  Fd barrier(ends[1]);
  if (!send_waiting("BARRIER=1", barrier.get())) return false;
  barrier.reset();
  return is_ready(told.get(), 0, end);
}

}  // namespace hupd::os
