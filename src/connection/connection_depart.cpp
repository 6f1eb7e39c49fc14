// How a connection leaves a worker that retires: to another worker, or with a goodbye.
#include <utility>

#include "connection/connection.hpp"

namespace hupd::connection {

void Connection::drain() {
  if (phase_ != Phase::Open || std::exchange(told_drain_, true)) return;
  handler_.on_drain();
}

Departure Connection::hand_over(handover::Successors& successors) {
  if (phase_ != Phase::Open || told_drain_ || !queue_.empty()) return Departure::Settled;
  handover::Parcel parcel;
  const Moving moving = handler_.on_move(parcel);
  if (phase_ != Phase::Open || !queue_.empty()) return Departure::Settled;
  if (moving == Moving::Never) drain();
  if (moving != Moving::Now) return Departure::Settled;

  parcel.listener = listener_;
  parcel.peer = peer_;
  parcel.unread = unread_.view();
  switch (successors.give(parcel, fd_)) {
    case handover::Given::Taken:
      moved_ = true;
      abort();
      break;
    case handover::Given::Full:
      return Departure::NoRoom;
    case handover::Given::NobodyIs:
      return Departure::Nobody;
    case handover::Given::Refused:
      drain();
      break;
  }
  return Departure::Settled;
}

}  // namespace hupd::connection
