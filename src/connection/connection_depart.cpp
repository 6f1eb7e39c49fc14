// How a connection leaves: to another worker, to another handler, or with a goodbye.
#include <utility>

#include "connection/connection.hpp"

namespace hupd::connection {

void Connection::drain() {
  if (phase_ != Phase::Open || std::exchange(told_drain_, true)) return;
  handler_.on_drain();
}

std::optional<handover::Outgoing> Connection::pack(Leave leave) {
  if (phase_ != Phase::Open || told_drain_ || !queue_.empty()) return std::nullopt;
  handover::Outgoing outgoing{{}, fd_};
  handover::Parcel& parcel = outgoing.parcel;
  const Moving moving = handler_.on_move(parcel);
  if (phase_ != Phase::Open || !queue_.empty()) return std::nullopt;
  if (moving == Moving::Never && leave == Leave::Must) drain();
  if (moving != Moving::Now) return std::nullopt;

  parcel.listener = listener_;
  parcel.peer = peer_;
  parcel.unread = unread_.view();
  parcel.is_paused = is_paused();
  parcel.has_ended = peer_ended_;
  return outgoing;
}

void Connection::left() {
  moved_ = true;
  abort();
}

void Connection::refused(Leave leave) {
  if (leave == Leave::Must && !handler_.will_be_lighter()) drain();
}

void Connection::go_on_from(const handover::Parcel& parcel) {
  peer_ended_ = parcel.has_ended;
  if (phase_ == Phase::Open) watch(parcel.is_paused ? Reading::Paused : reading_);
}

Incoming Connection::pass_on(os::Fd own, std::string_view unread) {
  moved_ = passed_on_ = true;
  hub_.recount();
  abort();
  return {std::move(own), peer_, listener_, unread};
}

}  // namespace hupd::connection
