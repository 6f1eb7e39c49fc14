// What follows when a worker's deadline has passed.
#include "core/leave.hpp"
#include "core/reload.hpp"
#include "core/rules.hpp"
#include "core/words.hpp"
#include "core/worker.hpp"
#include "core/zygote.hpp"

namespace hupd::core {
namespace {

void boot_overdue(Turn& turn, Generation& generation, Worker& worker) {
  worker.reason = not_ready_after(generation.policy.boot_timeout);
  if (rules::in_flight(generation.state)) {
    reject(turn, generation, why_rejected(worker, worker.reason));
    return;
  }
  // Never announced: the zygote itself is stuck, and the next fork would be, too.
  if (worker.state == WorkerState::Requested) kill_zygote(turn, generation);
  kill(turn, generation.policy, worker);
}

void drain_overdue(Turn& turn, const Generation& generation, Worker& worker) {
  turn.act(DrainOverdue{generation.id, worker.id});
  quit(turn, generation.policy, worker);
}

void kill_overdue(Turn& turn, const Generation& generation, Worker& worker) {
  turn.act(Unkillable{generation.id, worker.id});
  kill(turn, generation.policy, worker);
  worker.state = WorkerState::Stuck;
}

}  // namespace

void worker_overdue(Turn& turn, Generation& generation, Worker& worker) {
  switch (worker.state) {
    case WorkerState::Requested:
    case WorkerState::Booting:
      boot_overdue(turn, generation, worker);
      break;
    case WorkerState::Standby:  // its late sibling ends the wait
    case WorkerState::Serving:
      break;
    case WorkerState::Draining:
      drain_overdue(turn, generation, worker);
      break;
    case WorkerState::Failed:
    case WorkerState::Quitting:
    case WorkerState::Aborting:
      kill(turn, generation.policy, worker);
      break;
    case WorkerState::Killed:
    case WorkerState::Stuck:
      kill_overdue(turn, generation, worker);
      lose(turn, generation, worker, "not ended by SIGKILL");
      break;
  }
}

}  // namespace hupd::core
