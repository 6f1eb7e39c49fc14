#include "master/signals.hpp"

#include <csignal>

namespace hupd::master {

namespace {

constexpr int numbers[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,  SIGUSR1,
                           SIGUSR2, SIGTTIN, SIGTTOU, SIGWINCH, SIGCHLD};

}  // namespace

os::Result<Signals> Signals::create() {
  Signals signals;
  for (const int number : numbers) {
    auto queue = os::SignalQueue::create(number);
    if (!queue) return tl::unexpected(queue.error());
    signals.queues_.emplace(number, std::make_unique<os::SignalQueue>(std::move(*queue)));
  }
  return signals;
}

void Signals::on(uv_loop_t* loop, int number, std::function<void()> handler) {
  auto* queue = queues_.at(number).get();
  watches_.emplace_back(loop, queue->fd(), [queue, handler = std::move(handler)] {
    if (queue->take()) handler();
  });
}

}  // namespace hupd::master
