// The hand-over queue of an app: an accept queue for connections that already live.
//
// A SOCK_SEQPACKET pair. Every worker of the generation that serves shares the reading end, as it
// shares the listening sockets; every one that retires writes. The master keeps both ends open and
// reads nothing: while it lives, no parcel is lost because nobody reads at the moment, and a parcel
// that its receiver has not taken is the next one's. In the queue the kernel holds the connection
// open for us.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "handover/parcel.hpp"
#include "handover/successors.hpp"
#include "os/channel.hpp"
#include "os/fd.hpp"

namespace hupd::handover {

// A body up to here travels in the message, a longer one in a memory file beside it: small enough
// that the kernel's buffer (net.core.wmem_default, about 200 KiB) holds several.
inline constexpr std::size_t most_in_message = std::size_t{16} * 1024;

// A listener's name, as the configuration has it; unix:PATH is the longest.
inline constexpr std::size_t longest_listener = 1024;

// Sends one parcel, or a batch of light ones, without waiting. `max_body` bounds unread bytes and
// state together, in bytes. An error is for the log: it was refused or there was no memory; `given`
// says what to do.
struct Sending {
  Given given;
  std::string why;              // of Refused
  bool waits_for_room = false;  // Full: it becomes writable once there is room. Otherwise that is
                                // nothing to poll for: memory, or descriptors in flight
};
Sending send(int queue, std::span<const Outgoing> batch, std::size_t max_body);

struct Arrival {
  Parcel parcel;
  os::Fd fd;
};
struct Malformed {  // it was taken from the queue and its descriptors are closed
  std::string why;
};
using Arrivals = std::vector<Arrival>;
using Received = std::variant<Arrivals, Malformed, os::WouldBlock, os::EndOfFile>;

// What comes with a message: one for each of a batch, or two, when a body travels apart.
inline constexpr std::size_t most_descriptors = most_in_batch;

// Takes one parcel or one batch, without waiting; a parcel whose body is larger than `max_body`,
// without the body. `most_descriptors` must be free in the process: the kernel drops what it cannot
// place, and with it a living connection.
Received receive(int queue, std::size_t max_body);

}  // namespace hupd::handover
