#include "core/worker.hpp"

#include "core/find.hpp"
#include "core/leave.hpp"
#include "core/probation.hpp"
#include "core/relief.hpp"
#include "core/reload.hpp"
#include "core/rules.hpp"
#include "core/slots.hpp"
#include "core/words.hpp"

namespace hupd::core {

bool is_booting(const Worker& worker) {
  return worker.state == WorkerState::Requested || worker.state == WorkerState::Booting;
}

WorkerId fork_worker(Turn& turn, Generation& generation, std::uint32_t slot) {
  Worker worker;
  worker.id = ++turn.state.last_worker;
  worker.slot = slot;
  worker.deadline = turn.deadline(generation.policy.boot_timeout);
  turn.act(ForkWorker{generation.id, worker.id, slot});
  generation.workers.push_back(std::move(worker));
  return turn.state.last_worker;
}

void serve(Turn& turn, Worker& worker) {
  worker.state = WorkerState::Serving;
  worker.deadline = never;
  worker.serving_since = turn.now;
  turn.act(Accept{worker.id});
}

void on(Turn& turn, const WorkerForked& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (found && found.worker->state == WorkerState::Requested) {
    found.worker->state = WorkerState::Booting;
  }
}

// May overtake WorkerForked: the two come over different channels.
void on(Turn& turn, const WorkerReady& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (!found || !is_booting(*found.worker)) return;
  if (rules::when_ready(found.generation->state) == WorkerState::Serving) {
    serve(turn, *found.worker);
    take_over(turn, *found.generation, *found.worker);
  } else {
    found.worker->state = WorkerState::Standby;  // the deadline stays: it is the batch's
  }
}

void on(Turn& turn, const WorkerFailed& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (!found) return;
  Worker& worker = *found.worker;
  const bool working = is_booting(worker) || worker.state == WorkerState::Standby ||
                       worker.state == WorkerState::Serving;
  if (!working) return;
  worker.state = WorkerState::Failed;
  worker.deadline = turn.deadline(found.generation->policy.kill_timeout);
  worker.reason = event.reason;
  if (rules::in_flight(found.generation->state)) {
    reject(turn, *found.generation, why_rejected(worker, event.reason));
  }
}

// One that was told to drain may be stuck and not have heard it: nothing is gained by waiting.
void on(Turn& turn, const WorkerStalled& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (!found) return;
  Worker& worker = *found.worker;
  const bool serves = worker.state == WorkerState::Serving;
  if (!serves && worker.state != WorkerState::Draining) return;
  worker.state = WorkerState::Aborting;
  worker.deadline = turn.deadline(found.generation->policy.kill_timeout);
  worker.reason = "no heartbeat (stall_timeout)";
  turn.act(Abort{event.worker});
  if (serves && rules::in_flight(found.generation->state)) {
    reject(turn, *found.generation, why_rejected(worker, worker.reason));
  }
}

// Whoever sent it the signal wants it gone: unlike a worn one it does not wait for a relief, which
// may never come to be. What it has in hand is handed over.
void on(Turn& turn, const WorkerAsksToGo& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (!found || found.worker->state != WorkerState::Serving) return;
  const Policy& policy = found.generation->policy;
  Slot* slot = slot_held_by(*found.generation, event.worker);
  if (slot != nullptr) leave_slot(turn, *found.generation, *slot, *found.worker);
  dismiss(turn, policy, *found.worker);
}

void on(Turn& turn, const WorkerUnwell& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (!found || found.worker->state != WorkerState::Serving) return;
  const std::string why = why_rejected(*found.worker, "is unwell: " + event.reason);
  if (rules::ends_when_unwell(found.generation->state)) {
    reject(turn, *found.generation, why);
  } else {
    fail_probation(turn, *found.generation, why);
  }
}

void on(Turn& turn, const WorkerHasNoRoom& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (!found || !rules::waits_for_room(turn.state.phase, found.worker->state)) return;
  found.worker->has_no_room = true;
  found.worker->deadline = turn.deadline(found.generation->policy.drain_timeout);
}

void on(Turn& turn, const WorkerExited& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (!found) return;
  const Worker ended = *found.worker;
  std::erase_if(found.generation->workers, [&](const Worker& w) { return w.id == ended.id; });
  const bool is_forgiven =
      event.exit.is_blameless && rules::replaces_losses(found.generation->state);
  if (is_forgiven) {
    vacate_slot(*found.generation, ended);
  } else {
    lose(turn, *found.generation, ended, why_lost(ended, event.exit));
  }
}

void lose(Turn& turn, Generation& generation, const Worker& worker, const std::string& why) {
  Slot* slot = slot_held_by(generation, worker.id);
  if (slot == nullptr) slot = slot_relieved_by(generation, worker.id);
  if (slot == nullptr) return;
  if (rules::replaces_losses(generation.state)) {
    fail_slot(turn, generation, *slot, worker, why);
    count_against(turn, generation, why);
    return;
  }
  slot->worker = 0;
  if (rules::in_flight(generation.state)) reject(turn, generation, why_rejected(worker, why));
}

}  // namespace hupd::core
