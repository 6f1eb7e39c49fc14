// A living connection on its way from one worker to another: all that the receiver needs to go on
// where the sender stopped. Plain data; the descriptor travels beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "os/peer.hpp"

namespace hupd::handover {

// What the bytes and the state mean, and so who may take the parcel. Numbers are on the wire.
enum class Protocol : std::uint32_t {
  Http1 = 1,       // the http height; the state is the host's own, of a request that is half here
  Bytes = 2,       // the connection height; the state is the application's
  Descriptor = 3,  // the listener height; the state is the application's, `unread` is empty
  Upgraded = 4,    // the http height after an upgrade; the state is the application's
};

inline constexpr std::uint64_t timeout_as_configured = UINT64_MAX;

struct Parcel {
  Protocol protocol = Protocol::Bytes;
  std::string listener;  // that accepted it, as the configuration writes it
  os::Peer peer;         // asked of the kernel once: it cannot say after a reset
  std::uint64_t idle_timeout_ms = timeout_as_configured;  // or chosen by the application; 0: never
  bool is_paused = false;           // the application wants no more bytes for now
  bool has_ended = false;           // the peer sends no more, and that was told
  std::string unread;               // taken from the socket and not yet used
  std::uint32_t state_version = 0;  // the application's own
  std::string state;
  // Said by the receiver alone: unread bytes and state were more than it may take, and were left
  // out. Such a connection can only be ended.
  bool is_cut = false;
};

// Light ones travel together, as a batch in one message: they are small, and no application is
// asked when one arrives, so that none can take the others in its receiver's hand with it.
inline bool is_light(const Parcel& parcel) {
  return parcel.protocol == Protocol::Http1 && parcel.unread.empty() && parcel.state.empty();
}

// What a receiver has room for, whatever comes (see receive()); more in a message saves little.
inline constexpr std::size_t most_in_batch = 16;

}  // namespace hupd::handover
