// How a connection leaves: to another worker, to another handler, or with a goodbye.
#include <utility>

#include "connection/connection.hpp"

namespace hupd::connection {

void Connection::drain() {
  if (phase_ != Phase::Open || std::exchange(told_drain_, true)) return;
  handler_.on_drain();
}

Departure Connection::hand_over(handover::Successors& successors, Leave leave) {
  if (phase_ != Phase::Open || told_drain_ || !queue_.empty()) return Departure::Stays;
  handover::Parcel parcel;
  const Moving moving = handler_.on_move(parcel);
  if (phase_ != Phase::Open || !queue_.empty()) return Departure::Stays;
  if (moving == Moving::Never && leave == Leave::Must) drain();
  if (moving != Moving::Now) return Departure::Stays;

  parcel.listener = listener_;
  parcel.peer = peer_;
  parcel.unread = unread_.view();
  parcel.is_paused = is_paused();
  parcel.has_ended = peer_ended_;
  switch (successors.give(parcel, fd_)) {
    case handover::Given::Taken:
      moved_ = true;
      abort();
      return Departure::Gone;
    case handover::Given::Full:
      return Departure::NoRoom;
    case handover::Given::NobodyIs:
      return Departure::Nobody;
    case handover::Given::Refused:
      break;
  }
  if (leave == Leave::Must && !handler_.will_be_lighter()) drain();
  return Departure::Stays;
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
