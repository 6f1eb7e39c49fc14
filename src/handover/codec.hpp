// Parcels as bytes: a header with a version, then what the parcel is made of.
//
// Sender and receiver may be of different builds of hupd, so the header says its own size: a newer
// one is longer, and an older reader skips what it does not know. Another *version* means that the
// meaning has changed; such a parcel is refused. All numbers are in the machine's byte order, since
// a descriptor never leaves the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "handover/parcel.hpp"
#include "os/result.hpp"

namespace hupd::handover {

inline constexpr std::uint16_t header_version = 1;

struct Encoded {
  std::string head;  // header, listener, peer
  std::string body;  // unread bytes, then the state
};
Encoded encode(const Parcel& parcel);

// The reader trusts nothing: the sender's process ran foreign code.
struct Head {
  Parcel parcel;  // without unread bytes and state
  std::uint64_t unread_size = 0;
  std::uint64_t state_size = 0;
  std::string_view rest;  // of the bytes: the body, or nothing when it travels apart
};
os::Result<Head> decode_head(std::string_view bytes);
// False: the body is not as long as the head says.
bool take_body(Head& head, std::string_view body);

}  // namespace hupd::handover
