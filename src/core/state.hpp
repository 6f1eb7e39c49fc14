// The state of one app, as plain data: what the core remembers between two events.
//
// THE STATES, who waits for what, and what ends each wait
//
// App. New until StartRequested, Running until StopRequested (or until the first start failed),
// Stopping until the last process is reaped and the last generation forgotten, then Stopped for
// good. Stopping has no deadline of its own: every process in it has one.
//
// Trigger (reload_wanted): becomes a generation when none is in flight and fewer than max_draining
// generations are on their way out. Each worker of those has a deadline.
//
// Generation: one deploy, from Prepare to Forget. At most one is in flight (Preparing, Booting,
// Canary or Switching), at most one is Serving; the first start is a reload with none serving yet.
//   Preparing  the edge takes the configuration; ends with its answer, or after boot_timeout.
//   Booting    the zygote starts, then the first batch of workers; none accepts. Ends when all of
//              the batch is on standby, or with the first failure or boot deadline of any of them.
//   Canary     some of its workers accept beside all old ones. Ends when canary_hold is over or
//              somebody promotes it; with the first failure of any of them; and when somebody
//              aborts it or asks for another reload: the newest deploy wins over one that waits.
//   Switching  with surge < workers: some batches accept, the next one boots or waits for the old
//              workers that made room to be gone. Ends with the last batch, or the first failure.
//   Serving    all its slots are kept filled, by respawning and by restarting its zygote. For a
//              while after its reload it is on probation: if it fails that, the version before is
//              brought back, by a reload that takes up what was parked.
//   Receding   rejected while Switching: its accepting workers stay only until the serving
//              generation has refilled their places. It replaces nothing. It waits for respawns of
//              the serving generation, which have deadlines; a reload may overtake it meanwhile.
//   Parked     superseded, and kept to go back to: no slots, its workers are on the way out, each
//              with a deadline, and the youngest one's zygote stays. It waits for nothing. Taken up
//              again, its version serves as a younger generation, with its zygote: then it retires,
//              as it does when `keep` younger ones are parked, and at the stop.
//   Retiring   superseded, discarded or stopped: it has no slots, its processes are on the way out,
//              each with a deadline. When the last is reaped the generation is forgotten.
//
// Slot: a place to be filled, with the memory of its failures. Vacant (worker 0) until `retry_at`
// and until the zygote can fork, otherwise held by one worker. *Only a worker that holds a slot is
// missed when it ends*: whoever is told to go, or asks to, has left its slot first. A worn worker
// keeps its slot until a second one, its relief, is ready: then the relief has the slot and
// accepts, and the worn one drains. A reload in flight sends reliefs away: it replaces everybody.
//
// Worker: one process, from ForkWorker to WorkerExited.
//   Requested  the zygote was asked; no pid yet.               boot deadline
//   Booting    has a pid, not ready.                           boot deadline
//   Standby    ready, not accepting: waits for its batch.      keeps the boot deadline, the
//              batch's: siblings are forked in one step, and the late one ends the wait
//   Serving    accepts. Waits for nothing, the only state with no deadline.
//   Failed     gave its reason and is about to exit.           kill_timeout, then Killed
//   Draining   finishes what it has in hand.                   drain_timeout, then Quitting; anew
//              as long as connections wait there for room in the hand-over queue
//   Quitting   was told to leave at once.                      kill_timeout, then Killed
//   Aborting   stalled, got SIGABRT, may be dumping core.      kill_timeout, then Killed
//   Killed     got SIGKILL.                                    kill_timeout, then Stuck
//   Stuck      the kernel does not let it die. It holds no slot and nobody waits for it except the
//              stop; SIGKILL is sent again every kill_timeout.
//
// Zygote of a generation.
//   None       not started yet, or gone for good.
//   Waiting    died while its generation serves.               the moment of its restart: at once
//              if it was lost with its master, by no fault of its own
//   Starting   loads and checks the library.                   boot_timeout
//   Ready      can fork. Waits for nothing.
//   Failed     gave its reason and is about to exit.           kill_timeout, then Killed
//   Leaving    was told to leave.                              kill_timeout, then Killed
//   Killed     got SIGKILL.                                    kill_timeout, then Killed again
#pragma once

#include <string>
#include <vector>

#include "core/actions.hpp"
#include "core/types.hpp"

namespace hupd::core {

inline constexpr Time never = Time::max();
inline constexpr std::uint32_t workers_limit = 1024;

enum class AppPhase { New, Running, Stopping, Stopped };
enum class GenerationState {
  Preparing,
  Booting,
  Canary,
  Switching,
  Serving,
  Receding,
  Parked,
  Retiring
};
enum class Probation {
  None,  // it has none, or has passed it
  Running,
  Failed,   // the version before is to come back
  Answered  // that has been begun
};
enum class ZygoteState { None, Waiting, Starting, Ready, Failed, Leaving, Killed };
enum class WorkerState {
  Requested,
  Booting,
  Standby,
  Serving,
  Failed,
  Draining,
  Quitting,
  Aborting,
  Killed,
  Stuck
};

struct Zygote {
  ZygoteState state = ZygoteState::None;
  Time deadline = never;
  Time ready_since = never;    // never: it has not been ready
  std::uint32_t failures = 0;  // in a row, while its generation serves
};

struct Slot {
  std::uint32_t number = 0;    // from 1, unique within the generation, what people see
  WorkerId worker = 0;         // 0: vacant
  WorkerId relief = 0;         // boots to take over from `worker`; 0: nobody does
  Time retry_at{0};            // a vacant slot is filled, and a worn worker relieved, from then on
  std::uint32_t failures = 0;  // in a row
};

struct Worker {
  WorkerId id = 0;
  std::uint32_t slot = 0;  // the number it was forked for; held or left, see Slot
  WorkerState state = WorkerState::Requested;
  Time deadline = never;
  Time serving_since = never;  // never: it has not accepted
  bool worn = false;           // it has reached a limit of [recycle]
  bool has_no_room = false;    // draining, it has waited for others longer than its drain_timeout
  std::string reason;          // why it ends, if that is known before its exit
};

struct Generation {
  GenerationId id = 0;
  GenerationState state = GenerationState::Preparing;
  GenerationId source = 0;  // the parked one whose version it is; 0: what was deployed
  Time deadline = never;    // of Preparing and Canary, and of probation
  Probation probation = Probation::None;
  std::uint32_t losses = 0;     // while on probation
  std::uint32_t ways_back = 0;  // begun for it, after it failed
  bool is_same = false;         // as what it supersedes: that one is none to go back to
  Policy policy;                // until Prepared: that of the serving generation
  std::uint32_t target = 0;     // workers wanted once it serves: configured, then scaled
  Zygote zygote;
  std::vector<Slot> slots;      // by number
  std::vector<Worker> workers;  // every one that is not reaped, by id
};

struct AppState {
  AppPhase phase = AppPhase::New;
  StopOutcome outcome = StopOutcome::Asked;  // what Stopped will say
  bool reload_wanted = false;                // a trigger that has not become a generation yet
  bool reload_held_back = false;             // and why that is so has been said
  GenerationId last_generation = 0;
  WorkerId last_worker = 0;
  std::uint64_t random = 0;             // state of the jitter's generator; the caller seeds it
  std::vector<Generation> generations;  // every one that is not forgotten, oldest first
};

}  // namespace hupd::core
