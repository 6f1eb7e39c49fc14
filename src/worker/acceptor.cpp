#include "worker/acceptor.hpp"

#include <algorithm>

#include "os/accept.hpp"
#include "os/clock.hpp"
#include "os/limits.hpp"
#include "worker/balance.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

namespace {

// Descriptors kept free for the application's own files and for hand-overs. The kernel gives the
// lowest free number, so a connection's number tells how many are in use.
constexpr std::uint64_t descriptor_reserve = 64;
constexpr std::uint64_t out_of_resources_ms = 100;
constexpr std::uint64_t complain_every_ms = 10'000;
// After standing back in vain: how many of the waiting connections are taken in one go.
constexpr int batch_when_alone = 16;

}  // namespace

struct Acceptor::Watch {
  uv_poll_t handle;
  Acceptor* acceptor;
  int fd;
};

Acceptor::Acceptor(uv_loop_t* loop, std::vector<Listener> listeners,
                   const wire::Scoreboard& scoreboard, const connection::Counters& counters,
                   Take take)
    : loop_(loop),
      listeners_(std::move(listeners)),
      scoreboard_(scoreboard),
      counters_(counters),
      take_(std::move(take)),
      pause_timer_(new uv_timer_t),
      descriptor_limit_(os::descriptor_limit()) {
  uv_timer_init(loop_, pause_timer_);
  pause_timer_->data = this;
}

Acceptor::~Acceptor() {
  stop({});
  uv_close(reinterpret_cast<uv_handle_t*>(pause_timer_),
           [](uv_handle_t* handle) { delete reinterpret_cast<uv_timer_t*>(handle); });
}

void Acceptor::start() {
  for (const auto& listener : listeners_) {
    auto* watch = new Watch{{}, this, listener.fd.get()};
    uv_poll_init(loop_, &watch->handle, watch->fd);
    watch->handle.data = watch;
    watches_.push_back(watch);
  }
  resume();
}

void Acceptor::stop(const std::vector<std::string>& removed) {
  uv_timer_stop(pause_timer_);
  for (auto* watch : watches_) {
    uv_poll_stop(&watch->handle);  // out of epoll before the descriptor is closed
    uv_close(reinterpret_cast<uv_handle_t*>(&watch->handle), [](uv_handle_t* handle) {
      delete static_cast<Watch*>(handle->data);
    });
  }
  watches_.clear();
  for (auto& listener : listeners_) {
    if (std::find(removed.begin(), removed.end(), listener.address) == removed.end()) continue;
    for (auto next = os::accept_one(listener.fd.get()); next.status == os::AcceptStatus::Accepted;
         next = os::accept_one(listener.fd.get())) {
      take_(std::move(next.fd), next.peer);
    }
  }
  listeners_.clear();
}

void Acceptor::resume() {
  resumed_at_ = uv_now(loop_);
  for (auto* watch : watches_) {
    uv_poll_start(&watch->handle, UV_READABLE, [](uv_poll_t* handle, int, int) {
      auto* self = static_cast<Watch*>(handle->data);
      self->acceptor->on_readable(*self);
    });
  }
}

void Acceptor::pause(Pause why) {
  for (auto* watch : watches_) uv_poll_stop(&watch->handle);
  stood_back_ = why == Pause::StandBack;
  uv_timer_start(
      pause_timer_, [](uv_timer_t* timer) { static_cast<Acceptor*>(timer->data)->resume(); },
      why == Pause::StandBack ? stand_back_ms : out_of_resources_ms, 0);
}

bool Acceptor::should_stand_back() const {
  return uv_now(loop_) >= greedy_until_ &&
         holds_more((counters_.accepted - counters_.closed), count_share(scoreboard_, os::monotonic_ns()));
}

// Called right after the pause ended: nobody else wanted the connection meanwhile.
bool Acceptor::stood_back_in_vain() const { return uv_now(loop_) - resumed_at_ <= 1; }

void Acceptor::on_readable(Watch& watch) {
  if (stood_back_) {
    stood_back_ = false;
    if (stood_back_in_vain()) {
      greedy_until_ = uv_now(loop_) + greedy_ms;
      for (int taken = 1; taken < batch_when_alone && accept_from(watch); ++taken) {
      }
    }
  }
  if (should_stand_back()) return pause(Pause::StandBack);
  accept_from(watch);
}

// False: nothing was accepted, or accepting is to end here.
bool Acceptor::accept_from(Watch& watch) {
  auto next = os::accept_one(watch.fd);
  switch (next.status) {
    case os::AcceptStatus::Nothing:
      return false;
    case os::AcceptStatus::Broken:
      log_line(HUPD_ERROR, "accept on a listener failed for good: errno " + std::to_string(next.code));
      uv_poll_stop(&watch.handle);
      return false;
    case os::AcceptStatus::OutOfResources:
      complain("accept: out of descriptors or memory (errno " + std::to_string(next.code) + ")");
      pause(Pause::OutOfResources);
      return false;
    case os::AcceptStatus::Accepted:
      break;
  }
  const bool last_one = out_of_reserve(next.fd.get());
  take_(std::move(next.fd), next.peer);
  if (!last_one) return true;
  complain("accept paused: only the reserve of " + std::to_string(descriptor_reserve) +
           " descriptors is left of " + std::to_string(descriptor_limit_) +
           " (limits.nofile); waiting connections stay in the queue");
  pause(Pause::OutOfResources);
  return false;
}

bool Acceptor::out_of_reserve(int fd) const {
  return static_cast<std::uint64_t>(fd) + descriptor_reserve >= descriptor_limit_;
}

void Acceptor::complain(const std::string& text) {
  if (complained_at_ != 0 && uv_now(loop_) - complained_at_ < complain_every_ms) return;
  complained_at_ = uv_now(loop_);
  log_line(HUPD_WARNING, text);
}

}  // namespace hupd::worker
