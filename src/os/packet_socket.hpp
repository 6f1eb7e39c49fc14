// Unix sockets of packets that have a name: what channel.hpp says holds for their connections.
#pragma once

#include <string>

#include "os/fd.hpp"
#include "os/result.hpp"

namespace hupd::os {

// DIRECTORY/NAME, mode 0600, for this user and root; what had the name is replaced. The path of the
// directory may be of any length, which those of sockets may not.
Result<Fd> listen_packets(const std::string& directory, const std::string& name);

// From now on peers see the credentials of this process as those of who listens.
void listen_as_this_process(int fd);

// Waits for nobody: when too many wait to be accepted already, that is the error.
Result<Fd> connect_packets(const std::string& directory, const std::string& name);

// Whether something that was sent has not been received yet.
bool has_unread(int fd);

// The file of a unix socket that listens; empty: `fd` is something else.
std::string listening_path(int fd);

}  // namespace hupd::os
