#include "core/worker.hpp"

#include "core/find.hpp"
#include "core/reload.hpp"
#include "core/rules.hpp"
#include "core/slots.hpp"
#include "core/words.hpp"

namespace hupd::core {
namespace {

bool is_booting(const Worker& worker) {
  return worker.state == WorkerState::Requested || worker.state == WorkerState::Booting;
}

}  // namespace

void fork_worker(Turn& turn, Generation& generation, Slot& slot) {
  Worker worker;
  worker.id = ++turn.state.last_worker;
  worker.slot = slot.number;
  worker.deadline = turn.deadline(generation.policy.boot_timeout);
  slot.worker = worker.id;
  turn.act(ForkWorker{generation.id, worker.id, slot.number});
  generation.workers.push_back(std::move(worker));
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

void on(Turn& turn, const WorkerDraining& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (!found) return;
  Worker& worker = *found.worker;
  const Policy& policy = found.generation->policy;
  const bool before_ready = is_booting(worker) || worker.state == WorkerState::Standby;
  if (!before_ready && worker.state != WorkerState::Serving) return;

  worker.deadline = turn.deadline(policy.drain_timeout);
  worker.state = WorkerState::Draining;
  Slot* slot = slot_held_by(*found.generation, worker.id);
  if (before_ready) {
    worker.reason = "began to drain before it was ready";
    lose(turn, *found.generation, worker, worker.reason);
  } else if (slot != nullptr) {
    leave_slot(turn, policy, *slot, worker);
  }
}

void on(Turn& turn, const WorkerExited& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (!found) return;
  const Worker ended = *found.worker;
  std::erase_if(found.generation->workers, [&](const Worker& w) { return w.id == ended.id; });
  lose(turn, *found.generation, ended, why_lost(ended, event.exit));
}

void lose(Turn& turn, Generation& generation, const Worker& worker, const std::string& why) {
  Slot* slot = slot_held_by(generation, worker.id);
  if (slot == nullptr) return;
  if (rules::replaces_losses(generation.state)) {
    fail_slot(turn, generation, *slot, worker, why);
    return;
  }
  slot->worker = 0;
  if (rules::in_flight(generation.state)) reject(turn, generation, why_rejected(worker, why));
}

}  // namespace hupd::core
