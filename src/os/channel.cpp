#include "os/channel.hpp"

#include <array>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace hupd::os {

namespace {

std::vector<Fd> take_descriptors(msghdr& message) {
  std::vector<Fd> fds;
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
      fds.emplace_back(fd);
    }
  }
  return fds;
}

// An end of file and a packet without a byte look alike to recvmsg().
bool is_hung_up(int fd) {
  pollfd look{fd, 0, 0};
  return ::poll(&look, 1, 0) > 0 && (look.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

}  // namespace

Result<std::pair<Fd, Fd>> channel_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return failed("make a channel (socketpair)");
  }
  return std::pair(Fd(ends[0]), Fd(ends[1]));
}

Result<void> send_packet(int fd, std::string_view bytes, const std::vector<int>& fds, Wait wait) {
  if (fds.size() > max_fds_per_packet) return refused("send: too many descriptors for one packet");
  iovec data{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  std::vector<char> control(fds.empty() ? 0 : CMSG_SPACE(fds.size() * sizeof(int)));
  if (!fds.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    std::memcpy(CMSG_DATA(c), fds.data(), fds.size() * sizeof(int));
  }
  const int flags = MSG_NOSIGNAL | (wait == Wait::No ? MSG_DONTWAIT : 0);
  while (::sendmsg(fd, &message, flags) < 0) {
    if (errno != EINTR) return failed("send on a channel");
  }
  return {};
}

Result<Received> receive_packet(int fd, Wait wait) {
  // Most packets are small: to make room for the largest each time, and to clear it, is half the
  // cost of receiving one.
  static thread_local std::array<char, max_packet_bytes> buffer;
  iovec data{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(max_fds_per_packet * sizeof(int))> control;
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const int flags = MSG_CMSG_CLOEXEC | (wait == Wait::No ? MSG_DONTWAIT : 0);
  ssize_t size = 0;
  while ((size = ::recvmsg(fd, &message, flags)) < 0) {
    if (errno == EAGAIN) return WouldBlock{};
    // ECONNRESET: the other side went with messages unread. It is told once, and ahead of the last
    // words that are still in the queue; behind those comes the end of file.
    if (errno != EINTR && errno != ECONNRESET) return failed("receive on a channel");
  }
  Packet packet;
  packet.fds = take_descriptors(message);
  if (size == 0 && packet.fds.empty() && is_hung_up(fd)) return EndOfFile{};
  if (size == 0) {
    return Unusable{"receive on a channel: a packet without a byte", std::move(packet.fds)};
  }
  if ((message.msg_flags & MSG_TRUNC) != 0) {
    return Unusable{"receive on a channel: the packet was cut", std::move(packet.fds)};
  }
  packet.bytes.assign(buffer.data(), static_cast<std::size_t>(size));
  if ((message.msg_flags & MSG_CTRUNC) != 0) {
    return Stripped{std::move(packet.bytes), std::move(packet.fds)};
  }
  return packet;
}

}  // namespace hupd::os
