// Listening sockets: opened by the master, or inherited from a socket unit. All non-blocking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/fd.hpp"
#include "os/result.hpp"

namespace hupd::os {

// `text` names the socket in errors. A TCP socket has SO_REUSEADDR (a restart must not wait for
// TIME_WAIT) and not SO_REUSEPORT (a second service on the port must be an error).
Result<Fd> listen_tcp(const std::string& text, const std::string& host, std::uint16_t port,
                      bool v6_only, std::uint32_t backlog);

struct UnixSocket {
  std::string path;
  std::uint32_t mode = 0666;
  std::string owner;  // empty: unchanged
  std::string group;
};
// A socket file that nobody listens on is a left-over and is replaced; one that is alive is not.
// The file appears with its final mode and owner.
Result<Fd> listen_unix(const std::string& text, const UnixSocket& socket, std::uint32_t backlog);

Result<void> set_socket_access(const UnixSocket& socket);  // mode, owner and group of its file

// Which file is at a path now; nothing: none.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};
std::optional<FileIdentity> file_at(const std::string& path);

// Unless somebody else has put a file of his there.
void remove_socket_file(const std::string& path, const FileIdentity& ours);

// listen() again: for a socket that listens, this sets the backlog, for all processes at once.
void set_backlog(int fd, std::uint32_t backlog);

// For all processes that have the socket, at once: who waits in its queue is reset, who comes is
// refused, and the address can be bound again though somebody keeps a copy.
void end_listening(int fd);

// "127.0.0.1:8080", "[::1]:80", "unix:/run/x.sock": what the kernel says the socket is bound to.
std::string local_address(int fd);

// Takes up what LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES announce (sd_listen_fds(3)).
struct InheritedSocket {
  std::string name;
  Fd fd;
};
Result<std::vector<InheritedSocket>> inherited_sockets();

// Those among them that this service has given to the manager's file descriptor store, as the names
// say: they are not among the above.
inline constexpr std::string_view stored_prefix = "hupd.";
std::vector<InheritedSocket> inherited_from_store();

}  // namespace hupd::os
