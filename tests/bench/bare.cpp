// The floor: the least that a server can do for a request, which is epoll_wait, recv and send of a
// constant. It reads no HTTP; a recv that ends with an empty line is a request.
//
// Usage: hupd-bare PORT PROCESSES [close]     with close: a connection for each request
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr std::string_view kept =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";
constexpr std::string_view last =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n"
    "Connection: close\r\n\r\nhello\n";

int listen_on(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<std::uint16_t>(port));
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
      ::listen(fd, 4096) != 0) {
    std::perror("hupd-bare: listen");
    std::exit(1);
  }
  return fd;
}

void watch(int epoll, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

// Answers what there is to read; false: the connection has ended.
bool answer(int fd, bool close) {
  std::array<char, 16 * 1024> buffer;
  const auto got = ::recv(fd, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  if (!std::string_view(buffer.data(), static_cast<std::size_t>(got)).ends_with("\r\n\r\n")) {
    return true;
  }
  const std::string_view response = close ? last : kept;
  return ::send(fd, response.data(), response.size(), MSG_NOSIGNAL) > 0 && !close;
}

[[noreturn]] void serve(int listener, bool close) {
  const int epoll = ::epoll_create1(0);
  const int on = 1;
  // Wakes one process for a connection: unfair, but the cheapest way, and this is the floor.
  watch(epoll, listener, EPOLLIN | EPOLLEXCLUSIVE);
  for (;;) {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd != listener) {
        if (!answer(fd, close)) ::close(fd);
        continue;
      }
      const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
      if (accepted < 0) continue;
      ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      watch(epoll, accepted, EPOLLIN);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int listener = listen_on(std::atoi(argv[1]));
  const bool close = argc > 3 && std::strcmp(argv[3], "close") == 0;
  for (int left = std::atoi(argv[2]); left > 0; --left) {
    if (::fork() == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      serve(listener, close);
    }
  }
  ::wait(nullptr);
  return 1;  // a process of ours has ended, which none should
}
