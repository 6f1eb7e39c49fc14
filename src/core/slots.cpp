#include "core/slots.hpp"

#include <algorithm>
#include <utility>

#include "core/backoff.hpp"
#include "core/find.hpp"
#include "core/leave.hpp"
#include "core/rules.hpp"
#include "core/worker.hpp"

namespace hupd::core {
namespace {

void scale_to(Turn& turn, std::int64_t workers) {
  Generation* serving = find_serving(turn.state);
  if (serving == nullptr) return;
  serving->target = static_cast<std::uint32_t>(std::clamp<std::int64_t>(workers, 0, workers_limit));
}

void add_slot(Turn& turn, Generation& generation) {
  auto place = generation.slots.begin();
  std::uint32_t number = 1;
  for (; place != generation.slots.end() && place->number == number; ++place) ++number;
  Slot slot;
  slot.number = number;
  slot.retry_at = turn.now;
  generation.slots.insert(place, slot);
}

// Smaller is dropped sooner.
int worth(Generation& generation, const Slot& slot) {
  if (slot.worker == 0) return 0;
  return worker_of(generation, slot.worker).state == WorkerState::Serving ? 2 : 1;
}

void drop_slot(Turn& turn, Generation& generation) {
  const auto least = std::min_element(  // of equals the last: the highest number
      generation.slots.rbegin(), generation.slots.rend(),
      [&](const Slot& a, const Slot& b) { return worth(generation, a) < worth(generation, b); });
  const Slot dropped = *least;
  generation.slots.erase(std::next(least).base());
  for (const WorkerId id : {dropped.relief, dropped.worker}) {
    if (id != 0) dismiss(turn, generation.policy, worker_of(generation, id));
  }
}

// The slot has no relief from now on: that is who it was; 0 if it had none, or one that failed.
WorkerId take_relief(Generation& generation, Slot& slot) {
  const WorkerId relief = std::exchange(slot.relief, 0);
  return relief != 0 && is_booting(worker_of(generation, relief)) ? relief : 0;
}

}  // namespace

void on(Turn& turn, const ScaleBy& event) {
  const Generation* serving = find_serving(turn.state);
  if (serving == nullptr) return;
  const std::int64_t least = std::min(serving->target, 1U);
  scale_to(turn, std::max(std::int64_t{serving->target} + event.change, least));
}

void on(Turn& turn, const ScaleTo& event) { scale_to(turn, event.workers); }

void resize(Turn& turn, Generation& generation, std::size_t wanted) {
  while (generation.slots.size() < wanted) add_slot(turn, generation);
  while (generation.slots.size() > wanted) drop_slot(turn, generation);
}

void balance(Turn& turn) {
  Generation* serving = find_serving(turn.state);
  if (serving == nullptr) return;
  Generation* fresh = find_in_flight(turn.state);
  const bool relieves = fresh != nullptr && rules::relieves_old_workers(fresh->state);
  const std::size_t switched_in = relieves ? count_held(*fresh, WorkerState::Serving) : 0;
  const std::size_t accepting = count_held(*serving, WorkerState::Serving);
  resize(turn, *serving,
         rules::serving_slots(serving->target, switched_in, count_receding(turn.state),
                              serving->policy.surge, accepting));

  std::size_t kept = rules::receding_slots(serving->target, switched_in,
                                           count_held(*serving, WorkerState::Serving));
  for (Generation& generation : turn.state.generations) {
    if (generation.state != GenerationState::Receding) continue;
    const std::size_t held = count_held(generation, WorkerState::Serving);
    resize(turn, generation, std::min(held, kept));
    kept -= generation.slots.size();
    if (generation.slots.empty()) generation.state = GenerationState::Retiring;
  }
}

void leave_slot(Turn& turn, Generation& generation, Slot& slot, const Worker& worker) {
  const Policy& policy = generation.policy;
  if (rules::was_stable(worker.serving_since, turn.now, policy.stable_after)) slot.failures = 0;
  slot.worker = take_relief(generation, slot);
  slot.retry_at = std::max(slot.retry_at, rules::replaced_at(turn.now, worker.serving_since));
}

void fail_slot(Turn& turn, Generation& generation, Slot& slot, const Worker& worker,
               const std::string& why) {
  const Policy& policy = generation.policy;
  if (rules::was_stable(worker.serving_since, turn.now, policy.stable_after)) slot.failures = 0;
  ++slot.failures;
  const Duration delay = retry_delay(policy, slot.failures, turn.state.random);
  slot.retry_at = turn.now + delay;
  const bool was_relief = slot.relief == worker.id;
  if (was_relief) {
    slot.relief = 0;
  } else {
    slot.worker = take_relief(generation, slot);
  }
  const bool is_replaced = !was_relief && slot.worker != 0;
  turn.act(WorkerLost{generation.id, worker.id, slot.number, why, is_replaced ? Duration{0} : delay,
                      rules::is_degraded(slot.failures), was_relief});
}

void vacate_slot(Generation& generation, const Worker& worker) {
  if (Slot* relieved = slot_relieved_by(generation, worker.id)) relieved->relief = 0;
  if (Slot* held = slot_held_by(generation, worker.id))
    held->worker = take_relief(generation, *held);
}

void fill_vacant_slots(Turn& turn) {
  Generation* serving = find_serving(turn.state);
  if (serving == nullptr || serving->zygote.state != ZygoteState::Ready) return;
  for (Slot& slot : serving->slots) {
    if (slot.worker != 0 || slot.retry_at > turn.now) continue;
    slot.worker = fork_worker(turn, *serving, slot.number);
  }
}

}  // namespace hupd::core
