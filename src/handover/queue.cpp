#include "handover/queue.hpp"

#include <cerrno>

#include "handover/codec.hpp"
#include "os/memory.hpp"
#include "os/stream_socket.hpp"

namespace hupd::handover {

namespace {

Sending failed_to_send(const os::Error& error) {
  switch (error.code) {
    case EAGAIN:
      return {Given::Full, {}, true};
    case ENOBUFS:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case ETOOMANYREFS:  // descriptors in flight: RLIMIT_NOFILE bounds those of a user, unix(7)
      return {Given::Full, {}};
    case EPIPE:
    case ECONNRESET:
      return {Given::NobodyIs, {}};
    default:
      return {Given::Refused, error.text};
  }
}

std::string too_large(std::uint64_t size, std::size_t limit) {
  return "its state and unread bytes are " + std::to_string(size) + " bytes, " +
         std::to_string(limit) + " may be handed over (handover.max_state)";
}

Received cut() { return Malformed{"a parcel that was cut"}; }

// A parcel that may have a body.
Received open_one(Head& head, std::string_view body, os::Packet& packet, std::size_t max_body) {
  const std::uint64_t size = head.unread_size + head.state_size;
  if (size < head.unread_size) return Malformed{"a parcel of more than there can be"};
  head.parcel.is_cut = size > max_body;
  if (!head.parcel.is_cut) {
    std::string apart;
    if (head.where == Body::Apart) {
      auto read = os::read_up_to(packet.fds[1].get(), size);
      if (!read) return Malformed{read.error().text};
      if (!body.empty()) return cut();
      body = apart = std::move(*read);
    }
    if (!take_body(head, body)) return cut();
  }
  Arrivals one;
  one.push_back({std::move(head.parcel), std::move(packet.fds[0])});
  return one;
}

Received open_packet(os::Packet& packet, std::size_t max_body) {
  auto message = decode(packet.bytes);
  if (!message) return Malformed{message.error().text};
  auto& heads = message->heads;
  if (packet.fds.size() != message->descriptors()) {
    return Malformed{std::to_string(heads.size()) + " parcels with " +
                     std::to_string(packet.fds.size()) + " descriptors"};
  }
  // libuv ends the process that is to wait for a file.
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (!os::is_socket(packet.fds[i].get())) return Malformed{"a parcel without a socket"};
  }
  if (heads.size() == 1) return open_one(heads[0], message->body, packet, max_body);
  Arrivals batch;
  batch.reserve(heads.size());
  for (std::size_t i = 0; i < heads.size(); ++i) {
    batch.push_back({std::move(heads[i].parcel), std::move(packet.fds[i])});
  }
  return batch;
}

// The first that is not to be sent.
std::string why_refused(std::span<const Outgoing> batch, std::size_t max_body) {
  for (const auto& [parcel, fd] : batch) {
    const std::size_t size = parcel.unread.size() + parcel.state.size();
    if (size > max_body) return too_large(size, max_body);
    if (parcel.listener.size() > longest_listener) return "the name of its listener is too long";
  }
  return {};
}

}  // namespace

Sending send(int queue, std::span<const Outgoing> batch, std::size_t max_body) {
  if (auto why = why_refused(batch, max_body); !why.empty()) return {Given::Refused, why};
  std::string bytes;
  std::vector<int> fds;
  for (const auto& [parcel, fd] : batch) fds.push_back(fd);
  os::Fd apart;
  const Parcel& first = batch.front().parcel;
  if (first.unread.size() + first.state.size() > most_in_message) {
    std::string body;
    append_body(body, first);
    auto file = os::memory_file_with("hupd-state", body);
    if (!file) return failed_to_send(file.error());
    apart = std::move(*file);
    fds.push_back(apart.get());
    append_head(bytes, first, Body::Apart);
  } else {
    for (const auto& [parcel, fd] : batch) append_head(bytes, parcel, Body::Here);
    append_body(bytes, first);
  }
  const auto sent = os::send_packet(queue, bytes, fds, os::Wait::No);
  return sent ? Sending{Given::Taken, {}} : failed_to_send(sent.error());
}

Received receive(int queue, std::size_t max_body) {
  auto received = os::receive_packet(queue, os::Wait::No);
  if (!received) return Malformed{received.error().text};
  if (auto* packet = std::get_if<os::Packet>(&*received)) return open_packet(*packet, max_body);
  if (std::holds_alternative<os::Stripped>(*received)) {
    return Malformed{"its descriptors found no room (limits.nofile)"};
  }
  if (auto* unusable = std::get_if<os::Unusable>(&*received)) return Malformed{unusable->why};
  if (std::holds_alternative<os::EndOfFile>(*received)) return os::EndOfFile{};
  return os::WouldBlock{};
}

}  // namespace hupd::handover
