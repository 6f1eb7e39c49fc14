#include "core/relief.hpp"

#include <algorithm>
#include <utility>

#include "core/find.hpp"
#include "core/leave.hpp"
#include "core/rules.hpp"
#include "core/worker.hpp"

namespace hupd::core {
namespace {

void send_away(Turn& turn, Generation& generation) {
  for (Slot& slot : generation.slots) {
    const WorkerId relief = std::exchange(slot.relief, 0);
    if (relief != 0) dismiss(turn, generation.policy, worker_of(generation, relief));
  }
}

bool wants_relief(const Generation& generation, const Slot& slot) {
  if (slot.worker == 0 || slot.relief != 0) return false;
  const Worker& worker = worker_of(generation, slot.worker);
  return worker.worn && worker.state == WorkerState::Serving;
}

bool may_relieve(const AppState& state, const Generation& serving) {
  return serving.zygote.state == ZygoteState::Ready &&
         rules::may_relieve(is_reloading(state), count_receding(state), count_without_slot(serving),
                            serving.policy.surge);
}

}  // namespace

void on(Turn& turn, const WorkerWorn& event) {
  const Found found = find_worker(turn.state, event.worker);
  if (!found || found.worker->worn || found.worker->state != WorkerState::Serving) return;
  found.worker->worn = true;
  Slot* slot = slot_held_by(*found.generation, event.worker);
  const Duration stable_after = found.generation->policy.stable_after;
  if (slot != nullptr && rules::was_stable(found.worker->serving_since, turn.now, stable_after)) {
    slot->failures = 0;  // from here on those of its reliefs
  }
}

void relieve_worn(Turn& turn) {
  Generation* serving = find_serving(turn.state);
  if (serving == nullptr) return;
  if (!rules::keeps_reliefs(is_reloading(turn.state))) send_away(turn, *serving);
  for (Slot& slot : serving->slots) {
    if (!wants_relief(*serving, slot) || slot.retry_at > turn.now) continue;
    if (!may_relieve(turn.state, *serving)) return;
    slot.relief = fork_worker(turn, *serving, slot.number);
  }
}

Time next_relief(const AppState& state) {
  const Generation* serving = find_serving(state);
  Time next = never;
  if (serving == nullptr || !may_relieve(state, *serving)) return next;
  for (const Slot& slot : serving->slots) {
    if (wants_relief(*serving, slot)) next = std::min(next, slot.retry_at);
  }
  return next;
}

void take_over(Turn& turn, Generation& generation, const Worker& relief) {
  Slot* slot = slot_relieved_by(generation, relief.id);
  if (slot == nullptr) return;
  Worker& worn = worker_of(generation, std::exchange(slot->worker, relief.id));
  slot->relief = 0;
  turn.act(WorkerRelieved{worn.id});
  dismiss(turn, generation.policy, worn);
}

}  // namespace hupd::core
