#include "core/deadlines.hpp"

#include <algorithm>

#include "core/relief.hpp"
#include "core/reload.hpp"
#include "core/step.hpp"
#include "core/worker.hpp"
#include "core/zygote.hpp"

namespace hupd::core {
namespace {

// The earliest retry of a vacant slot. Without a zygote that can fork, the slot waits for that.
Time next_retry(const Generation& generation) {
  Time next = never;
  if (generation.state != GenerationState::Serving) return next;
  if (generation.zygote.state != ZygoteState::Ready) return next;
  for (const Slot& slot : generation.slots) {
    if (slot.worker == 0) next = std::min(next, slot.retry_at);
  }
  return next;
}

}  // namespace

// Retries, of slots and of zygotes, are not here: they are settled after every event.
void on(Turn& turn, const Tick&) {
  for (Generation& generation : turn.state.generations) {
    if (generation.deadline <= turn.now) generation_overdue(turn, generation);
    if (generation.zygote.deadline <= turn.now) zygote_overdue(turn, generation);
    for (Worker& worker : generation.workers) {
      if (worker.deadline <= turn.now) worker_overdue(turn, generation, worker);
    }
  }
}

std::optional<Time> next_deadline(const AppState& state) {
  Time next = next_relief(state);
  for (const Generation& generation : state.generations) {
    next = std::min({next, generation.deadline, generation.zygote.deadline});
    for (const Worker& worker : generation.workers) next = std::min(next, worker.deadline);
    next = std::min(next, next_retry(generation));
  }
  return next == never ? std::nullopt : std::optional<Time>{next};
}

}  // namespace hupd::core
