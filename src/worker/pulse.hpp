// The worker's signs of life on the scoreboard.
#pragma once

#include <chrono>

#include <uv.h>

#include "connection/counters.hpp"
#include "wire/scoreboard.hpp"

namespace hupd::worker {

// Writes heartbeat and counters each time the loop is about to wait, and makes the loop turn at
// least once in a period. A loop that is stuck in a callback does neither.
class Pulse {
 public:
  // `page` and `counters` outlive it; the loop turns once more after its end.
  Pulse(uv_loop_t* loop, const wire::OwnPage& page, const connection::Counters& counters,
        std::chrono::milliseconds period);
  ~Pulse();
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

 private:
  void beat();

  const wire::OwnPage& page_;
  const connection::Counters& counters_;
  uv_prepare_t* before_wait_;  // both freed by libuv's close callback
  uv_timer_t* timer_;
};

// A quarter of what counts as a stall, within 50 ms and 1 s; a stall of 0 is not looked for.
std::chrono::milliseconds pulse_period(std::chrono::milliseconds stall_timeout);

}  // namespace hupd::worker
