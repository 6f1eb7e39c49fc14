#include "wire/link.hpp"

#include "wire/codec.hpp"

namespace hupd::wire {

namespace {

// A legacy that finds no room is lost; that is no reason to lose a worker.
bool can_do_without(const Message& message) {
  return std::holds_alternative<Left>(message) || std::holds_alternative<Inherit>(message);
}

}  // namespace

os::Result<void> Link::send(const Message& message, const std::vector<int>& fds,
                            os::Wait wait) const {
  return os::send_packet(end_.get(), encode(message), fds, wait);
}

Delivery Link::receive(os::Wait wait) const {
  auto received = os::receive_packet(end_.get(), wait);
  if (!received) return Malformed{received.error().text};
  if (std::holds_alternative<os::WouldBlock>(*received)) return os::WouldBlock{};
  if (std::holds_alternative<os::EndOfFile>(*received)) return os::EndOfFile{};
  if (auto* unusable = std::get_if<os::Unusable>(&*received)) {
    return Malformed{unusable->why, std::move(unusable->fds)};
  }
  if (auto* stripped = std::get_if<os::Stripped>(&*received)) {
    auto message = decode(stripped->bytes);
    const bool may_be_one = stripped->fds.empty();  // and not the rest of many
    if (may_be_one && message && can_do_without(*message)) return Letter{std::move(*message), {}};
    return Malformed{"a message whose descriptors found no room (limits.nofile)",
                     std::move(stripped->fds)};
  }
  auto& packet = std::get<os::Packet>(*received);
  auto message = decode(packet.bytes);
  if (!message) return Malformed{"a message that cannot be read", std::move(packet.fds)};
  return Letter{std::move(*message), std::move(packet.fds)};
}

}  // namespace hupd::wire
