#include "handover/codec.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

namespace hupd::handover {

namespace {

constexpr std::array<char, 4> magic = {'h', 'u', 'p', 'd'};

struct Header {
  std::array<char, 4> magic;
  std::uint16_t version;
  std::uint16_t size;  // of this struct, as the sender has it
  std::uint32_t protocol;
  std::uint32_t state_version;
  std::uint64_t idle_timeout_ms;
  std::uint32_t listener_size;
  std::uint32_t peer_size;
  std::uint64_t unread_size;
  std::uint64_t state_size;
  std::uint16_t is_paused;
  std::uint16_t has_ended;
  std::uint32_t where;
};
// Without padding: the bytes are all said.
static_assert(std::has_unique_object_representations_v<Header>);

bool is_known(std::uint32_t protocol) {
  return protocol >= static_cast<std::uint32_t>(Protocol::Http1) &&
         protocol <= static_cast<std::uint32_t>(Protocol::Upgraded);
}

std::string_view take(std::string_view& bytes, std::size_t size) {
  const std::string_view front = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return front;
}

// Takes the first one off the bytes.
os::Result<Head> take_head(std::string_view& bytes) {
  Header header{};
  constexpr const char* too_short = "a parcel shorter than its header";
  if (bytes.size() < offsetof(Header, protocol)) return os::refused(too_short);
  std::memcpy(&header, bytes.data(), std::min(bytes.size(), sizeof header));
  if (header.magic != magic) return os::refused("not a parcel");
  if (header.version != header_version) {
    return os::refused("a parcel of version " + std::to_string(header.version) +
                       ", this hupd takes version " + std::to_string(header_version));
  }
  if (bytes.size() < sizeof header) return os::refused(too_short);
  if (header.size < sizeof header || header.size > bytes.size()) {
    return os::refused("a parcel with a header of " + std::to_string(header.size) + " bytes");
  }
  if (!is_known(header.protocol)) {
    return os::refused("a parcel of the unknown protocol " + std::to_string(header.protocol));
  }
  if (header.where > static_cast<std::uint32_t>(Body::Apart)) {
    return os::refused("a parcel whose body is nobody knows where");
  }
  bytes.remove_prefix(header.size);
  if (std::uint64_t{header.listener_size} + header.peer_size > bytes.size()) {
    return os::refused("a parcel that was cut");
  }
  Head head;
  head.parcel.protocol = static_cast<Protocol>(header.protocol);
  head.parcel.idle_timeout_ms = header.idle_timeout_ms;
  head.parcel.is_paused = header.is_paused != 0;
  head.parcel.has_ended = header.has_ended != 0;
  head.parcel.state_version = header.state_version;
  head.parcel.listener = take(bytes, header.listener_size);
  const std::string_view peer = take(bytes, header.peer_size);
  head.parcel.peer = os::Peer::from(peer.data(), peer.size());
  head.unread_size = header.unread_size;
  head.state_size = header.state_size;
  head.where = static_cast<Body>(header.where);
  return head;
}

bool is_light(const Head& head) {
  return is_light(head.parcel) && head.unread_size == 0 && head.state_size == 0 &&
         head.where == Body::Here;
}

}  // namespace

void append_head(std::string& bytes, const Parcel& parcel, Body where) {
  const auto peer = parcel.peer.raw();
  const Header header{.magic = magic,
                      .version = header_version,
                      .size = sizeof(Header),
                      .protocol = static_cast<std::uint32_t>(parcel.protocol),
                      .state_version = parcel.state_version,
                      .idle_timeout_ms = parcel.idle_timeout_ms,
                      .listener_size = static_cast<std::uint32_t>(parcel.listener.size()),
                      .peer_size = static_cast<std::uint32_t>(peer.size()),
                      .unread_size = parcel.unread.size(),
                      .state_size = parcel.state.size(),
                      .is_paused = parcel.is_paused ? std::uint16_t{1} : std::uint16_t{0},
                      .has_ended = parcel.has_ended ? std::uint16_t{1} : std::uint16_t{0},
                      .where = static_cast<std::uint32_t>(where)};
  bytes.append(reinterpret_cast<const char*>(&header), sizeof header);
  bytes += parcel.listener;
  bytes.append(reinterpret_cast<const char*>(peer.data()), peer.size());
}

void append_body(std::string& bytes, const Parcel& parcel) {
  bytes += parcel.unread;
  bytes += parcel.state;
}

os::Result<Message> decode(std::string_view bytes) {
  Message message;
  auto& heads = message.heads;
  do {
    auto head = take_head(bytes);
    if (!head) return tl::unexpected(std::move(head.error()));
    heads.push_back(std::move(*head));
  } while (is_light(heads.back()) && !bytes.empty());
  if (heads.size() > 1 && !is_light(heads.back())) {
    return os::refused("a batch with a parcel that is to travel alone");
  }
  if (heads.size() > most_in_batch) {
    return os::refused("a batch of " + std::to_string(heads.size()) + " parcels");
  }
  message.body = bytes;
  return message;
}

bool take_body(Head& head, std::string_view body) {
  if (head.unread_size > body.size()) return false;
  head.parcel.unread = take(body, head.unread_size);
  if (head.state_size != body.size()) return false;
  head.parcel.state = body;
  return true;
}

}  // namespace hupd::handover
