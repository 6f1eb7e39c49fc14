#include "core/leave.hpp"

namespace hupd::core {

void quit(Turn& turn, const Policy& policy, Worker& worker) {
  worker.state = WorkerState::Quitting;
  worker.deadline = turn.deadline(policy.kill_timeout);
  turn.act(Quit{worker.id});
}

void kill(Turn& turn, const Policy& policy, Worker& worker) {
  worker.state = WorkerState::Killed;
  worker.deadline = turn.deadline(policy.kill_timeout);
  turn.act(Kill{worker.id});
}

void dismiss(Turn& turn, const Policy& policy, Worker& worker) {
  switch (worker.state) {
    case WorkerState::Requested:
    case WorkerState::Booting:
    case WorkerState::Standby:
      quit(turn, policy, worker);
      break;
    case WorkerState::Serving:
      worker.state = WorkerState::Draining;
      worker.deadline = turn.deadline(policy.drain_timeout);
      turn.act(Drain{worker.id});
      break;
    case WorkerState::Failed:
    case WorkerState::Draining:
    case WorkerState::Quitting:
    case WorkerState::Aborting:
    case WorkerState::Killed:
    case WorkerState::Stuck:
      break;
  }
}

void dismiss_quickly(Turn& turn, const Policy& policy, Worker& worker) {
  switch (worker.state) {
    case WorkerState::Requested:
    case WorkerState::Booting:
    case WorkerState::Standby:
    case WorkerState::Serving:
    case WorkerState::Draining:
      quit(turn, policy, worker);
      break;
    case WorkerState::Failed:
    case WorkerState::Quitting:
    case WorkerState::Aborting:
    case WorkerState::Killed:
    case WorkerState::Stuck:
      break;
  }
}

}  // namespace hupd::core
