// What the core is told. One event a step; the edges send them in the order they happened.
#pragma once

#include <string>
#include <variant>

#include "core/types.hpp"

namespace hupd::core {

struct StartRequested {};   // once, first: boot generation 1
struct ReloadRequested {};  // SIGHUP; while a reload is in flight it coalesces into one more

// Answers to Action Prepare.
struct Prepared {  // configuration valid, listeners bound
  GenerationId generation;
  Policy policy;
};
struct PrepareFailed {
  GenerationId generation;
  std::string reason;
  bool is_blameless = false;  // it was lost with its master
};

// A zygote. `ZygoteFailed` is its own last word; the exit follows, with or without it.
struct ZygoteReady {  // library copied, loaded, checked, created: it can fork
  GenerationId generation;
  bool is_same = false;  // library and configuration are those that serve
};
struct ZygoteFailed {
  GenerationId generation;
  std::string reason;
};
struct ZygoteExited {  // reaped, or could not be started
  GenerationId generation;
  Exit exit;
};

// A worker. Every ForkWorker is answered by exactly one WorkerExited in the end.
struct WorkerForked {  // it has a pid and can be signalled
  WorkerId worker;
};
struct WorkerReady {
  WorkerId worker;
};
struct WorkerFailed {  // its own last word; the exit follows
  WorkerId worker;
  std::string reason;
};
struct WorkerStalled {  // no heartbeat for stall_timeout
  WorkerId worker;
};
struct WorkerAsksToGo {  // while it accepts: somebody sent it SIGTERM
  WorkerId worker;
};
struct WorkerWorn {  // while it accepts: it has reached a limit of [recycle]; once
  WorkerId worker;
};
struct WorkerUnwell {  // while it accepts: a probe of it failed, or its application says so
  WorkerId worker;
  std::string reason;
};
struct WorkerHasNoRoom {  // draining, it would hand over what it has, and the queue is full
  WorkerId worker;
};
struct WorkerExited {  // reaped, or it was never born
  WorkerId worker;
  Exit exit;
};

struct PromoteRequested {};  // an operator: the canary is well, go on
struct AbortRequested {};    // an operator: the reload in flight is not wanted any more
struct RollbackRequested {   // an operator: back to what was before
  GenerationId to = 0;       // one that is parked; 0: the youngest
};
struct ScaleBy {  // TTIN +1, TTOU -1; until the next reload, 1024 at most, and the last one stays
  int change;
};
struct ScaleTo {  // WINCH: 0
  std::uint32_t workers;
};
enum class StopMode { Graceful, Quick };
struct StopRequested {
  StopMode mode;
};
struct Tick {};  // next_deadline() has come, or any other moment: acts on what is due

using Event = std::variant<StartRequested, ReloadRequested, Prepared, PrepareFailed, ZygoteReady,
                           ZygoteFailed, ZygoteExited, WorkerForked, WorkerReady, WorkerFailed,
                           WorkerStalled, WorkerAsksToGo, WorkerWorn, WorkerUnwell, WorkerHasNoRoom,
                           WorkerExited, PromoteRequested, AbortRequested, RollbackRequested,
                           ScaleBy, ScaleTo, StopRequested, Tick>;

}  // namespace hupd::core
