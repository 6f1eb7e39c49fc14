#include "keeper/line.hpp"

#include "os/discard.hpp"

namespace hupd::keeper {

os::Result<void> Line::send(const Message& message, const std::vector<int>& fds) const {
  return os::send_packet(end_.get(), encode(message), fds, os::Wait::No);
}

Delivery Line::receive() const {
  auto received = os::receive_packet(end_.get(), os::Wait::No);
  if (!received) return Unusable{received.error().text};
  if (std::holds_alternative<os::WouldBlock>(*received)) return os::WouldBlock{};
  if (std::holds_alternative<os::EndOfFile>(*received)) return os::EndOfFile{};
  if (auto* cut = std::get_if<os::Unusable>(&*received)) {
    os::discard(std::move(cut->fds));
    return Unusable{cut->why};
  }
  if (auto* stripped = std::get_if<os::Stripped>(&*received)) {
    os::discard(std::move(stripped->fds));
    return Unusable{"there was no room for a descriptor"};
  }
  auto& packet = std::get<os::Packet>(*received);
  auto message = decode(packet.bytes);
  if (message) return Letter{std::move(*message), std::move(packet.fds)};
  os::discard(std::move(packet.fds));
  return Unusable{message.error()};
}

bool too_many(const os::Error& error) { return error.code == ETOOMANYREFS; }

bool has_no_room(const os::Error& error) { return error.code == EAGAIN || too_many(error); }

}  // namespace hupd::keeper
