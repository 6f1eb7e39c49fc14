// Handing connections over to other workers, as they come to rest and as there is room.
#include "connection/connection.hpp"
#include "connection/departures.hpp"
#include "connection/hub.hpp"

namespace hupd::connection {

namespace {

constexpr int departures_a_turn = 256;  // less than a millisecond

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
  Departures departures(*successors_, Leave::Must, open_);
  for (int left = departures_a_turn; left > 0 && !departing_.empty(); --left) {
    if (!departures.can_go_on()) break;
    Connection& connection = departing_.front();
    connection.Hook<Departing>::unlink();
    departures.ask(connection);
  }
  departures.send();
  if (departures.found_nobody()) stop_handing_over();
}

std::size_t Hub::hand_over_some(handover::Successors& successors, std::size_t most) {
  Departures departures(successors, Leave::May, most);
  connections_.for_each([&](Connection& connection) {
    const bool are_enough = departures.gone() + departures.waiting() >= most;
    if (!are_enough && departures.can_go_on()) departures.ask(connection);
  });
  departures.send();
  return departures.gone();
}

}  // namespace hupd::connection
