// The worker's signs of life on the scoreboard.
#pragma once

#include <chrono>

#include <uv.h>

#include "connection/counters.hpp"
#include "loop/handle.hpp"
#include "wire/scoreboard.hpp"

namespace hupd::worker {

// Writes heartbeat and counters each time the loop is about to wait, and makes the loop turn at
// least once in a period. A loop that is stuck in a callback does neither.
class Pulse {
 public:
  // `page` and `counters` outlive it.
  Pulse(uv_loop_t* loop, const wire::OwnPage& page, const connection::Counters& counters,
        std::chrono::milliseconds period);
  ~Pulse() { beat(); }  // what the last turn has counted

 private:
  void beat();

  const wire::OwnPage& page_;
  const connection::Counters& counters_;
  loop::BeforeWait before_wait_;
  loop::Timer turn_;
};

// A quarter of what counts as a stall, within 50 ms and 1 s; a stall of 0 is not looked for.
std::chrono::milliseconds pulse_period(std::chrono::milliseconds stall_timeout);

}  // namespace hupd::worker
