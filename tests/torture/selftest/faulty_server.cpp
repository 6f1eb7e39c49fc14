#include "faulty_server.hpp"

#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hupd::torture {
namespace {

int listen_on_any_port(int backlog, Address& address) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  auto* const plain = reinterpret_cast<sockaddr*>(&name);
  if (::bind(fd, plain, size) != 0 || ::listen(fd, backlog) != 0 ||
      ::getsockname(fd, plain, &size) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  address = parse_address("127.0.0.1:" + std::to_string(ntohs(name.sin_port)));
  return fd;
}

bool readable(int fd, int timeout_ms) {
  pollfd poll{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&poll, 1, timeout_ms) > 0;
}

// The deadline of a test, not a measure: nothing waits so long unless the client hangs.
constexpr int client_time_ms = 3000;

}  // namespace

bool Peer::read_request() {
  for (;;) {
    if (const auto end = unread_.find("\r\n\r\n"); end != std::string::npos) {
      unread_.erase(0, end + 4);
      return true;
    }
    char bytes[4096];
    const auto got = readable(fd_, client_time_ms) ? ::recv(fd_, bytes, sizeof bytes, 0) : 0;
    if (got <= 0) return false;
    unread_.append(bytes, static_cast<std::size_t>(got));
  }
}

void Peer::wait_for_end() {
  char bytes[4096];
  while (readable(fd_, client_time_ms) && ::recv(fd_, bytes, sizeof bytes, 0) > 0) {
  }
}

void Peer::send(std::string_view bytes) { ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

void Peer::close_gently() {
  ::shutdown(fd_, SHUT_WR);
  wait_for_end();
}

void Peer::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void Peer::reset() {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close();
}

FaultyServer::FaultyServer(std::function<void(Peer&)> behaviour)
    : behaviour_(std::move(behaviour)), listener_(listen_on_any_port(64, address_)) {
  thread_ = std::thread([this] { serve(); });
}

FaultyServer::~FaultyServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);  // wakes the accept
  thread_.join();
  ::close(listener_);
}

void FaultyServer::serve() {
  while (!stopping_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    Peer peer(fd);
    behaviour_(peer);
  }
}

Address closed_port() {
  Address address;
  ::close(listen_on_any_port(1, address));
  return address;
}

FullListener::FullListener() : listener_(listen_on_any_port(0, address_)) {
  for (int& client : clients_) {
    client = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ::connect(client, address_.get(), address_.size);
  }
}

FullListener::~FullListener() {
  for (const int client : clients_) ::close(client);
  ::close(listener_);
}

}  // namespace hupd::torture
