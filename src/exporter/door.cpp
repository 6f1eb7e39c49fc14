#include "exporter/door.hpp"

#include "os/accept.hpp"
#include "os/pipe.hpp"
#include "os/stream_socket.hpp"

namespace hupd::exporter {

namespace {

constexpr std::size_t most_connections = 64;  // others wait in the queue

}  // namespace

Door::Door(uv_loop_t* loop, std::vector<os::Fd> listeners, Endpoint& endpoint)
    : listeners_(std::move(listeners)),
      endpoint_(endpoint),
      watches_(loop,
               [](const std::string& text) { os::write_error("<4>metrics: " + text + "\n"); }) {
  for (const auto& fd : listeners_) {
    const int listener = fd.get();
    watches_.add(listener, [this, listener] { take(listener); });
  }
}

void Door::take(int listener) {
  if (endpoint_.open() >= most_connections) return watches_.pause(loop::Watches::pause_ms);
  auto accepted = os::accept_one(listener);
  switch (accepted.status) {
    case os::AcceptStatus::Nothing:
      return;
    case os::AcceptStatus::OutOfResources:
    case os::AcceptStatus::Broken:
      return watches_.pause_for_want(os::failed("accept", accepted.code).value().text);
    case os::AcceptStatus::Accepted:
      break;
  }
  if (accepted.peer.is_tcp()) os::send_without_delay(accepted.fd.get());
  endpoint_.accept(std::move(accepted.fd), accepted.peer);
}

}  // namespace hupd::exporter
