// Connections over unix sockets between processes of this machine, and who the other one is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/fd.hpp"
#include "os/result.hpp"

namespace hupd::os {

// Waits for nobody: when too many wait to be accepted already, that is the error.
Result<Fd> connect_local(const std::string& path);

// Both ends of one; neither blocks, both are close-on-exec.
Result<std::pair<Fd, Fd>> local_pair();

// As much as the other side has room for now: the number of bytes. An error: it is gone.
Result<std::size_t> send_now(int fd, std::string_view bytes);

// Until bytes or the end can be read, or written when `writing`; false: not in this time.
bool wait_for_stream(int fd, bool writing, std::chrono::milliseconds longest);

// Both sides are closed: what is sent reaches nobody.
bool has_hung_up(int fd);

struct Credentials {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<std::uint32_t> groups;  // supplementary
  int pid = 0;
};
// As they were when it connected; of the one who listens, when it said so (listen(2)).
Result<Credentials> peer_credentials(int fd);

std::uint32_t own_uid();  // effective

}  // namespace hupd::os
