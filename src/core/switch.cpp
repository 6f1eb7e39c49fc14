#include "core/switch.hpp"

#include <algorithm>

#include "core/find.hpp"
#include "core/probation.hpp"
#include "core/reload.hpp"
#include "core/rollback.hpp"
#include "core/rules.hpp"
#include "core/slots.hpp"
#include "core/worker.hpp"

namespace hupd::core {
namespace {

std::size_t count_booting(Generation& generation) {
  return count_held(generation, WorkerState::Requested) +
         count_held(generation, WorkerState::Booting);
}

// What it goes back to was good without one.
std::uint32_t canary_of(const Generation& generation) {
  if (generation.source != 0) return 0;
  return std::min(generation.policy.canary, static_cast<std::uint32_t>(generation.slots.size()));
}

void hold_canary(Turn& turn, Generation& fresh) {
  const Duration hold = fresh.policy.canary_hold;
  fresh.state = GenerationState::Canary;
  fresh.deadline = hold == hold_for_ever ? never : turn.now + hold;
  const auto workers = static_cast<std::uint32_t>(count_held(fresh, WorkerState::Serving));
  turn.act(CanaryServes{fresh.id, workers, hold});
}

void switch_over(Turn& turn, Generation& fresh) {
  const bool first = fresh.state != GenerationState::Switching;
  const bool last = count_vacant(fresh) == 0;
  fresh.state = last ? GenerationState::Serving : GenerationState::Switching;
  if (last) supersede(turn, fresh);
  if (!last) balance(turn);
  if (first) turn.act(Switched{fresh.id});
  if (last) turn.act(ReloadDone{fresh.id});
  if (last) begin_probation(turn, fresh);
}

}  // namespace

void switch_batch_in(Turn& turn) {
  Generation* fresh = find_in_flight(turn.state);
  if (fresh == nullptr || fresh->zygote.state != ZygoteState::Ready) return;
  const bool has_batch = count_held(*fresh, WorkerState::Standby) > 0 || fresh->slots.empty();
  if (!has_batch || !rules::batch_may_accept(count_booting(*fresh))) return;

  for (Worker& worker : fresh->workers) {
    if (worker.state == WorkerState::Standby) serve(turn, worker);
  }
  const bool first_start = find_serving(turn.state) == nullptr;
  const bool is_first_batch = fresh->state == GenerationState::Booting;
  if (is_first_batch && rules::begins_with_canary(canary_of(*fresh), first_start)) {
    hold_canary(turn, *fresh);
  } else {
    switch_over(turn, *fresh);
  }
}

void promote(Turn& turn, Generation& canary) {
  canary.deadline = never;
  switch_over(turn, canary);
}

void on(Turn& turn, const PromoteRequested&) {
  Generation* fresh = find_in_flight(turn.state);
  if (fresh != nullptr && fresh->state == GenerationState::Canary) promote(turn, *fresh);
}

void on(Turn& turn, const AbortRequested&) {
  Generation* fresh = find_in_flight(turn.state);
  if (fresh == nullptr || find_serving(turn.state) == nullptr) return;
  if (fresh->source != 0) give_way_back_up(turn);
  reject(turn, *fresh, "aborted");
}

void fork_next_batch(Turn& turn) {
  Generation* fresh = find_in_flight(turn.state);
  if (fresh == nullptr || fresh->zygote.state != ZygoteState::Ready) return;
  if (fresh->state == GenerationState::Canary) return;
  if (count_booting(*fresh) > 0 || count_held(*fresh, WorkerState::Standby) > 0) return;
  Generation* serving = find_serving(turn.state);
  const bool between_batches = fresh->state == GenerationState::Switching;
  const std::size_t leaving = serving == nullptr ? 0 : count_without_slot(*serving);
  if (between_batches && !rules::next_batch_may_boot(leaving)) return;

  const bool is_canary = fresh->state == GenerationState::Booting &&
                         rules::begins_with_canary(canary_of(*fresh), !serving);
  const std::uint32_t most = is_canary ? canary_of(*fresh) : fresh->policy.surge;
  std::size_t left = rules::batch_size(count_vacant(*fresh), most, !serving);
  for (Slot& slot : fresh->slots) {
    if (left == 0) break;
    if (slot.worker != 0) continue;
    slot.worker = fork_worker(turn, *fresh, slot.number);
    --left;
  }
}

}  // namespace hupd::core
