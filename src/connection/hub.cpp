#include "connection/hub.hpp"

#include "connection/connection.hpp"

namespace hupd::connection {

Hub::Hub(uv_loop_t* loop, Counters& counters)
    : loop_(loop),
      counters_(counters),
      deadlines_(loop),
      waker_(loop, [this] { run(); }),
      read_buffer_(new char[read_buffer_size]) {}

void Hub::drain() {
  if (draining_) return;
  draining_ = true;
  connections_.for_each([](Connection& connection) { connection.drain(); });
}

void Hub::release_idle() {
  connections_.for_each([](Connection& connection) { connection.release_idle(); });
}

std::size_t Hub::abort_all() {
  std::size_t cut = 0;
  connections_.for_each([&](Connection& connection) {
    if (connection.is_busy()) ++cut;
    connection.abort();
  });
  return cut;
}

void Hub::add(Connection& connection) {
  connections_.push_back(connection);
  ++open_;
  counters_.opened();
}

void Hub::remove(Connection& connection, bool is_counted) {
  connection.Hook<Registered>::unlink();
  connection.Hook<Woken>::unlink();
  connection.Hook<Departing>::unlink();
  --open_;
  if (is_counted) ++counters_.closed;
}

void Hub::report_if_empty() {
  if (open_ == 0 && on_empty_) on_empty_();
}

const std::string& Hub::listener(std::string_view address) {
  const auto known = listeners_.find(address);
  return known != listeners_.end() ? *known : *listeners_.emplace(address).first;
}

void Hub::wake(Connection& connection) {
  woken_.push_back(connection);
  waker_.start();
}

// Departures first: what leaves need not run here any more.
void Hub::run() {
  if (can_hand_over()) run_departing();
  run_woken();
  if (woken_.empty() && (departing_.empty() || !can_hand_over())) waker_.stop();
}

void Hub::run_woken() {
  // Only those that are woken now: one that wakes itself again lets the others and the sockets run.
  List<Connection, Woken> now;
  while (!woken_.empty()) now.push_back(woken_.front());
  while (!now.empty()) {
    Connection& connection = now.front();
    connection.Hook<Woken>::unlink();
    connection.run();
  }
}

}  // namespace hupd::connection
