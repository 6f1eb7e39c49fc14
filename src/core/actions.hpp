// What the core decides. The edges carry actions out in order, before the next event.
#pragma once

#include <string>
#include <variant>

#include "core/types.hpp"

namespace hupd::core {

struct Prepare {  // take the configuration, bind new listeners; answer Prepared or PrepareFailed
  GenerationId generation;
  GenerationId source;  // whose configuration and copy it takes up; 0: those that are deployed
};
struct StartZygote {  // spawn it from the library, or, when this generation has its private copy,
  GenerationId generation;  // from that copy
};
struct TakeUpZygote {  // that of `source` is this generation's from now on
  GenerationId generation;
  GenerationId source;
};
struct RetireZygote {  // ask it to leave
  GenerationId generation;
};
struct KillZygote {  // SIGKILL
  GenerationId generation;
};
struct ForkWorker {
  GenerationId generation;
  WorkerId worker;
  std::uint32_t slot;  // from 1
};
struct Accept {  // serve: the only action after which a worker accepts
  WorkerId worker;
};
struct Drain {  // stop accepting, finish, exit
  WorkerId worker;
};
struct Quit {  // leave at once
  WorkerId worker;
};
struct Abort {  // SIGABRT: it stalled, and a core dump may tell why
  WorkerId worker;
};
struct Kill {  // SIGKILL; for a worker without a pid: close its channel
  WorkerId worker;
};
struct Forget {  // nothing of this generation lives: drop its copy, release its listeners
  GenerationId generation;
};

// News for log, status and the notification socket. No decision of the core's depends on what is
// made of them.
struct ReloadHeldBack {  // as many generations drain as may (max_draining); said once for a trigger
  GenerationId draining;  // the one that is gone first, if it takes all the time that it has
  Duration left;          // of its drain; then it is told to quit
};
struct ReloadStarted {
  GenerationId generation;
  GenerationId source;  // not 0: it goes back to that one's version
  bool by_itself;       // for a probation that failed: nobody asked for it
};
struct ReloadDropped {  // it was asked for and had not begun; its number will not be used
  GenerationId generation;
  std::string reason;
};
struct CanaryServes {  // the first workers of the generation accept; all old ones serve on
  GenerationId generation;
  std::uint32_t workers;
  Duration hold;  // hold_for_ever: until somebody decides
};
struct Switched {  // the first workers of the generation accept for good
  GenerationId generation;
};
struct ReloadDone {  // all of the generation accept, all older ones drain or are gone
  GenerationId generation;
};
struct ReloadRejected {  // what serves is as it was
  GenerationId generation;
  std::string reason;
};
struct ProbationBegan {  // at the end of a reload: what fails now is followed by a way back
  GenerationId generation;
  Duration time;
};
struct ProbationPassed {
  GenerationId generation;
};
struct ProbationFailed {  // the version before comes back, unless a newer reload is under way
  GenerationId generation;
  std::string reason;
};
struct WorkerRelieved {  // a worn worker drains; its relief accepts
  WorkerId worker;
};
struct WorkerLost {  // a worker of the current generation ended without being asked
  GenerationId generation;
  WorkerId worker;
  std::uint32_t slot;
  std::string reason;
  Duration retry_in;  // 0: it is replaced at once, or its relief boots already
  bool degraded;      // it has failed repeatedly; the slot is in backoff
  bool was_relief;    // whom it should have relieved serves on
};
struct DrainOverdue {  // drain_timeout has passed: Quit follows
  GenerationId generation;
  WorkerId worker;
};
struct Unkillable {  // kill_timeout after SIGKILL it is still there; SIGKILL is sent again
  GenerationId generation;
  WorkerId worker;  // 0: the zygote
};
enum class StopOutcome { Asked, FirstStartFailed };
struct Stopped {  // nothing of the app lives
  StopOutcome outcome;
};

using Action = std::variant<Prepare, StartZygote, TakeUpZygote, RetireZygote, KillZygote,
                            ForkWorker, Accept, Drain, Quit, Abort, Kill, Forget, ReloadHeldBack,
                            ReloadStarted, ReloadDropped, CanaryServes, Switched, ReloadDone,
                            ReloadRejected, ProbationBegan, ProbationPassed, ProbationFailed,
                            WorkerRelieved, WorkerLost, DrainOverdue, Unkillable, Stopped>;

}  // namespace hupd::core
