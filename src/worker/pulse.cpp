#include "worker/pulse.hpp"

#include <algorithm>

#include "os/clock.hpp"

namespace hupd::worker {

using std::chrono::milliseconds;

Pulse::Pulse(uv_loop_t* loop, const wire::OwnPage& page, const connection::Counters& counters,
             milliseconds period)
    : page_(page), counters_(counters), before_wait_(loop, [this] { beat(); }), turn_(loop, [] {}) {
  const auto every = static_cast<std::uint64_t>(period.count());
  turn_.start(every, every);
  beat();
}

void Pulse::beat() {
  constexpr auto relaxed = std::memory_order_relaxed;
  const auto open = static_cast<std::uint32_t>(counters_.open());
  page_->heartbeat_ns.store(os::monotonic_ns(), relaxed);
  page_->connections.store(open, relaxed);
  page_->accepted.store(counters_.accepted, relaxed);
  page_->requests.store(counters_.requests, relaxed);
  page_->received_bytes.store(counters_.bytes_read, relaxed);
  page_->sent_bytes.store(counters_.bytes_written, relaxed);
  page_->timeouts.store(counters_.timeouts, relaxed);
  page_->refused.store(counters_.refused, relaxed);
  page_->taken_over.store(counters_.taken_over, relaxed);
}

milliseconds pulse_period(milliseconds stall_timeout) {
  const milliseconds longest{1000};
  if (stall_timeout.count() == 0) return longest;
  return std::clamp(stall_timeout / 4, milliseconds(50), longest);
}

}  // namespace hupd::worker
