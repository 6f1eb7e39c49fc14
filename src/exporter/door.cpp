#include "exporter/door.hpp"

#include "os/accept.hpp"
#include "os/stream_socket.hpp"

namespace hupd::exporter {

namespace {

constexpr std::size_t most_connections = 64;  // others wait in the queue
constexpr std::uint64_t pause_ms = 100;

}  // namespace

Door::Door(uv_loop_t* loop, std::vector<os::Fd> listeners, Endpoint& endpoint)
    : listeners_(std::move(listeners)), endpoint_(endpoint), pause_(loop, [this] { go_on(); }) {
  for (const auto& fd : listeners_) {
    const int listener = fd.get();
    watches_.push_back(
        std::make_unique<loop::Readable>(loop, listener, [this, listener] { take(listener); }));
  }
}

void Door::take(int listener) {
  if (endpoint_.open() >= most_connections) return pause();
  auto accepted = os::accept_one(listener);
  switch (accepted.status) {
    case os::AcceptStatus::Nothing:
      return;
    case os::AcceptStatus::OutOfResources:
    case os::AcceptStatus::Broken:
      return pause();
    case os::AcceptStatus::Accepted:
      break;
  }
  if (accepted.peer.is_tcp()) os::send_without_delay(accepted.fd.get());
  endpoint_.accept(std::move(accepted.fd), accepted.peer);
}

void Door::pause() {
  for (auto& watch : watches_) watch->stop();
  pause_.start(pause_ms);
}

void Door::go_on() {
  for (auto& watch : watches_) watch->start();
}

}  // namespace hupd::exporter
