#include "os/notify.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hupd::os {

namespace {

Fd connect_to(std::string_view path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() < 2 || path.size() >= sizeof address.sun_path) return Fd();
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace
  Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) return Fd();
  return socket;
}

}  // namespace

Notifier Notifier::from_environment() {
  Notifier notifier;
  if (const char* path = ::getenv("NOTIFY_SOCKET")) notifier.socket_ = connect_to(path);
  const char* pid = ::getenv("WATCHDOG_PID");
  const char* period = ::getenv("WATCHDOG_USEC");
  const bool ours = pid == nullptr || std::atol(pid) == ::getpid();
  if (period != nullptr && ours && std::atoll(period) > 0) {
    notifier.watchdog_ = std::chrono::microseconds(std::atoll(period));
  }
  return notifier;
}

void Notifier::send(const std::string& lines) const {
  if (socket_) ::send(socket_.get(), lines.data(), lines.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace hupd::os
