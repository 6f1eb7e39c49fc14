// What is asked of a connection's socket beyond libuv's reading and writing.
#pragma once

#include <utility>

#include "os/fd.hpp"
#include "os/result.hpp"

namespace hupd::os {

bool is_socket(int fd);

// The two ends of a connection within the process, non-blocking.
Result<std::pair<Fd, Fd>> stream_pair();

// The peer reads to an end of file; reading from it goes on. A socket that the peer has reset
// already needs nothing more, so there is no error to report.
void shut_down_writing(int fd);

// Bytes have arrived that nobody has read.
bool has_unread_bytes(int fd);

// Small writes leave at once, also behind unacknowledged ones (no Nagle). TCP only.
void send_without_delay(int fd);

}  // namespace hupd::os
