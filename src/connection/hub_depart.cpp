// Handing connections over to other workers, as they come to rest and as there is room.
#include "connection/connection.hpp"
#include "connection/hub.hpp"

namespace hupd::connection {

void Hub::hand_over(handover::Successors& successors) {
  if (draining_ || successors_ != nullptr) return;
  successors_ = &successors;
  connections_.for_each([this](Connection& connection) { may_depart(connection); });
}

void Hub::stop_handing_over() {
  if (successors_ == nullptr) return;
  successors_ = nullptr;
  while (!departing_.empty()) departing_.front().Hook<Departing>::unlink();
  drain();
}

void Hub::may_depart(Connection& connection) {
  if (successors_ == nullptr) return;
  departing_.push_back(connection);
  waker_.start();
}

void Hub::go_on() {
  if (successors_ != nullptr && !departing_.empty()) waker_.start();
}

// Only those that stand in the list now: one that comes again waits for its next event.
void Hub::run_departing() {
  List<Connection, Departing> now;
  while (!departing_.empty()) now.push_back(departing_.front());
  bool nobody = false;
  while (!now.empty()) {
    Connection& connection = now.front();
    if (nobody || !successors_->have_room()) {
      departing_.push_back(connection);
      continue;
    }
    connection.Hook<Departing>::unlink();
    switch (connection.hand_over(*successors_, Leave::Must)) {
      case Departure::Gone:
      case Departure::Stays:
        break;
      case Departure::NoRoom:
        departing_.push_back(connection);
        break;
      case Departure::Nobody:
        nobody = true;
        break;
    }
  }
  if (nobody) stop_handing_over();
}

std::size_t Hub::hand_over_some(handover::Successors& successors, std::size_t most) {
  std::size_t gone = 0;
  connections_.for_each([&](Connection& connection) {
    if (gone == most || !successors.have_room()) return;
    if (connection.hand_over(successors, Leave::May) == Departure::Gone) ++gone;
  });
  return gone;
}

}  // namespace hupd::connection
