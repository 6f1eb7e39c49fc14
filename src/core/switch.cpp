#include "core/switch.hpp"

#include <algorithm>

#include "core/find.hpp"
#include "core/rules.hpp"
#include "core/slots.hpp"
#include "core/worker.hpp"

namespace hupd::core {
namespace {

std::size_t count_booting(Generation& generation) {
  return count_held(generation, WorkerState::Requested) +
         count_held(generation, WorkerState::Booting);
}

void supersede_all_but(Turn& turn, const Generation& fresh) {
  for (Generation& generation : turn.state.generations) {
    if (generation.id == fresh.id) continue;
    resize(turn, generation, 0);
    generation.state = GenerationState::Retiring;
  }
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
  const bool first = fresh->state == GenerationState::Booting;
  const bool last = count_vacant(*fresh) == 0;
  fresh->state = last ? GenerationState::Serving : GenerationState::Switching;
  if (last) supersede_all_but(turn, *fresh);
  if (!last) balance(turn);
  if (first) turn.act(Switched{fresh->id});
  if (last) turn.act(ReloadDone{fresh->id});
}

void fork_next_batch(Turn& turn) {
  Generation* fresh = find_in_flight(turn.state);
  if (fresh == nullptr || fresh->zygote.state != ZygoteState::Ready) return;
  if (count_booting(*fresh) > 0 || count_held(*fresh, WorkerState::Standby) > 0) return;
  Generation* serving = find_serving(turn.state);
  const bool between_batches = fresh->state == GenerationState::Switching;
  const std::size_t leaving = serving == nullptr ? 0 : count_without_slot(*serving);
  if (between_batches && !rules::next_batch_may_boot(leaving)) return;

  std::size_t left = rules::batch_size(count_vacant(*fresh), fresh->policy.surge, !serving);
  for (Slot& slot : fresh->slots) {
    if (left == 0) break;
    if (slot.worker != 0) continue;
    slot.worker = fork_worker(turn, *fresh, slot.number);
    --left;
  }
}

}  // namespace hupd::core
