#include <charconv>
#include <cstdlib>
#include <string_view>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/listen.hpp"

namespace hupd::os {

namespace {

constexpr int first_inherited_fd = 3;  // SD_LISTEN_FDS_START

int number_in(const char* text) {
  int value = 0;
  if (text == nullptr) return 0;
  const std::string_view view(text);
  std::from_chars(view.data(), view.data() + view.size(), value);
  return value;
}

std::string take_name(std::string_view& names) {
  const auto end = names.find(':');
  std::string name(names.substr(0, end));
  names.remove_prefix(end == std::string_view::npos ? names.size() : end + 1);
  return name.empty() ? "unknown" : name;
}

// Of all that were passed, whatever they are.
struct Passed {
  std::string name;
  int fd;
};

std::vector<Passed> passed(bool from_store) {
  std::vector<Passed> all;
  if (number_in(::getenv("LISTEN_PID")) != ::getpid()) return all;
  const int count = number_in(::getenv("LISTEN_FDS"));
  const char* listed = ::getenv("LISTEN_FDNAMES");
  std::string_view names = listed != nullptr ? listed : "";
  for (int i = 0; i < count; ++i) {
    std::string name = take_name(names);
    const int fd = first_inherited_fd + i;
    const bool is_open = ::fcntl(fd, F_GETFD) >= 0;  // the number may be a lie
    if (name.starts_with(stored_prefix) == from_store) all.push_back({std::move(name), fd});
    if (!is_open) break;
  }
  return all;
}

}  // namespace

Result<std::vector<InheritedSocket>> inherited_sockets() {
  std::vector<InheritedSocket> sockets;
  for (const auto& [name, fd] : passed(false)) {
    int listening = 0;
    socklen_t size = sizeof listening;
    if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0) {
      return refused("inherited descriptor " + std::to_string(fd) + " (" + name +
                     "): not a listening stream socket");
    }
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    sockets.push_back({name, Fd(fd)});
  }
  return sockets;
}

std::vector<InheritedSocket> inherited_from_store() {
  std::vector<InheritedSocket> all;
  for (const auto& [name, fd] : passed(true)) {
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    all.push_back({name.substr(stored_prefix.size()), Fd(fd)});
  }
  return all;
}

}  // namespace hupd::os
