#include "worker/pulse.hpp"

#include <algorithm>

#include "os/clock.hpp"

namespace hupd::worker {

using std::chrono::milliseconds;

Pulse::Pulse(uv_loop_t* loop, const wire::OwnPage& page, const connection::Counters& counters,
             milliseconds period)
    : page_(page), counters_(counters), before_wait_(new uv_prepare_t), timer_(new uv_timer_t) {
  uv_prepare_init(loop, before_wait_);
  before_wait_->data = this;
  uv_prepare_start(before_wait_, [](uv_prepare_t* handle) {
    static_cast<Pulse*>(handle->data)->beat();
  });
  uv_timer_init(loop, timer_);
  const auto every = static_cast<std::uint64_t>(period.count());
  uv_timer_start(timer_, [](uv_timer_t*) {}, every, every);
  beat();
}

Pulse::~Pulse() {
  uv_close(reinterpret_cast<uv_handle_t*>(before_wait_),
           [](uv_handle_t* handle) { delete reinterpret_cast<uv_prepare_t*>(handle); });
  uv_close(reinterpret_cast<uv_handle_t*>(timer_),
           [](uv_handle_t* handle) { delete reinterpret_cast<uv_timer_t*>(handle); });
}

void Pulse::beat() {
  constexpr auto relaxed = std::memory_order_relaxed;
  const auto open = static_cast<std::uint32_t>(counters_.accepted - counters_.closed);
  page_->heartbeat_ns.store(os::monotonic_ns(), relaxed);
  page_->connections.store(open, relaxed);
  page_->accepted.store(counters_.accepted, relaxed);
  page_->requests.store(counters_.requests, relaxed);
}

milliseconds pulse_period(milliseconds stall_timeout) {
  const milliseconds longest{1000};
  if (stall_timeout.count() == 0) return longest;
  return std::clamp(stall_timeout / 4, milliseconds(50), longest);
}

}  // namespace hupd::worker
