// Parcels as bytes: for each a header with a version and what is of fixed kind, its head; then the
// body of bytes that were not used and of state.
//
//   message := head body         one parcel; a large body travels in a memory file beside it
//            | head head …       a batch: light parcels, which have no body
//
// Sender and receiver may be of different builds of hupd, so the header says its own size: a newer
// one is longer, and an older reader skips what it does not know. Another *version* means that the
// meaning has changed; such a parcel is refused. All numbers are in the machine's byte order, since
// a descriptor never leaves the machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "handover/parcel.hpp"
#include "os/result.hpp"

namespace hupd::handover {

inline constexpr std::uint16_t header_version = 2;

enum class Body : std::uint32_t { Here = 0, Apart = 1 };  // numbers are on the wire

void append_head(std::string& bytes, const Parcel& parcel, Body where);
void append_body(std::string& bytes, const Parcel& parcel);

// The reader trusts nothing: the sender's process ran foreign code.
struct Head {
  Parcel parcel;  // without unread bytes and state
  std::uint64_t unread_size = 0;
  std::uint64_t state_size = 0;
  Body where = Body::Here;
};
struct Message {
  std::vector<Head> heads;  // one, or those of a batch
  std::string_view body;    // of the one; nothing when it travels apart

  // One for each connection, and the memory file.
  std::size_t descriptors() const {
    return heads.size() + (heads.front().where == Body::Apart ? 1 : 0);
  }
};
os::Result<Message> decode(std::string_view bytes);
// False: the body is not as long as the head says.
bool take_body(Head& head, std::string_view body);

}  // namespace hupd::handover
