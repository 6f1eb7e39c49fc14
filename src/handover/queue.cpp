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

Received open_packet(os::Packet& packet, std::size_t max_body) {
  auto head = decode_head(packet.bytes);
  if (!head) return Malformed{head.error().text};
  if (packet.fds.empty() || packet.fds.size() > 2) {
    return Malformed{"a parcel with " + std::to_string(packet.fds.size()) + " descriptors"};
  }
  // libuv ends the process that is to wait for a file.
  if (!os::is_socket(packet.fds[0].get())) return Malformed{"a parcel without a socket"};
  const std::uint64_t size = head->unread_size + head->state_size;
  if (size < head->unread_size) return Malformed{"a parcel of more than there can be"};
  head->parcel.is_cut = size > max_body;
  if (head->parcel.is_cut) return Arrival{std::move(head->parcel), std::move(packet.fds[0])};
  if (packet.fds.size() == 2) {
    const auto body = os::read_up_to(packet.fds[1].get(), size);
    if (!body) return Malformed{body.error().text};
    if (!head->rest.empty() || !take_body(*head, *body)) return Malformed{"a parcel that was cut"};
  } else if (!take_body(*head, head->rest)) {
    return Malformed{"a parcel that was cut"};
  }
  return Arrival{std::move(head->parcel), std::move(packet.fds[0])};
}

}  // namespace

Sending send(int queue, const Parcel& parcel, int fd, std::size_t max_body) {
  const std::size_t size = parcel.unread.size() + parcel.state.size();
  if (size > max_body) return {Given::Refused, too_large(size, max_body)};
  if (parcel.listener.size() > longest_listener) {
    return {Given::Refused, "the name of its listener is too long"};
  }
  auto [head, body] = encode(parcel);
  std::vector<int> fds = {fd};
  os::Fd apart;
  if (body.size() <= most_in_message) {
    head += body;
  } else {
    auto file = os::memory_file_with("hupd-state", body);
    if (!file) return failed_to_send(file.error());
    apart = std::move(*file);
    fds.push_back(apart.get());
  }
  const auto sent = os::send_packet(queue, head, fds, os::Wait::No);
  return sent ? Sending{Given::Taken, {}} : failed_to_send(sent.error());
}

Received receive(int queue, std::size_t max_body) {
  auto received = os::receive_packet(queue, os::Wait::No);
  if (!received) return Malformed{received.error().text};
  if (auto* packet = std::get_if<os::Packet>(&*received)) return open_packet(*packet, max_body);
  if (std::holds_alternative<os::Stripped>(*received)) {
    return Malformed{"its descriptors found no room (limits.nofile)"};
  }
  if (std::holds_alternative<os::EndOfFile>(*received)) return os::EndOfFile{};
  return os::WouldBlock{};
}

}  // namespace hupd::handover
