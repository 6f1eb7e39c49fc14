// Handing connections over to other workers, as they come to rest and as there is room.
#include "connection/connection.hpp"
#include "connection/hub.hpp"

namespace hupd::connection {

namespace {

constexpr int departures_a_turn = 256;  // about what the queue holds

}  // namespace

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

// A few a turn, so that those that are served here do not wait for all of them; the waker goes on.
void Hub::run_departing() {
  for (int left = departures_a_turn; left > 0 && !departing_.empty(); --left) {
    if (!successors_->have_room()) return;
    Connection& connection = departing_.front();
    connection.Hook<Departing>::unlink();
    switch (connection.hand_over(*successors_, Leave::Must)) {
      case Departure::Gone:
      case Departure::Stays:
        break;
      case Departure::NoRoom:
        departing_.push_back(connection);
        break;
      case Departure::Nobody:
        return stop_handing_over();
    }
  }
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
