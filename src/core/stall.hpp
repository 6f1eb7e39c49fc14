// Which workers have stopped moving. Not part of the state: it is rebuilt by looking.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/types.hpp"

namespace hupd::core {

struct Heartbeat {
  WorkerId worker;
  std::uint64_t count;     // any change is a sign of life
  Duration stall_timeout;  // of its generation, as its heart beats; 0: it never stalls
};

struct StallWatch {
  struct Watched {
    WorkerId worker;
    std::uint64_t count;
    Time since;  // of the last sign of life, or of the last report
  };
  Duration period{1'000};  // how often the caller looks
  std::optional<Time> last_look;
  std::vector<Watched> watched;
};

// Takes the heartbeats of all workers to be watched, and returns those that have not changed for
// their stall_timeout. One that stays stalled is returned again after another stall_timeout. A look
// that comes much later than the period says that the master or the machine stood still, and with
// it perhaps the workers: then everyone's time starts anew.
std::vector<WorkerId> look(StallWatch& watch, const std::vector<Heartbeat>& heartbeats, Time now);

}  // namespace hupd::core
