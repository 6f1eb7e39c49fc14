// The core's state as those see it who leave something and those who get it.
#include "core/rules.hpp"
#include "master/legacies.hpp"

namespace hupd::master {

Family Legacies::family(const core::AppState& state, core::GenerationId taking) const {
  Family made;
  made.taking = taking;
  for (const auto& generation : state.generations) {
    const bool lives = core::rules::in_flight(generation.state) ||
                       generation.state == core::GenerationState::Serving;
    if (lives) {
      auto& slots = made.slots[generation.id];
      for (const auto& slot : generation.slots) slots.push_back(slot.number);
    }
    for (const auto& worker : generation.workers) {
      const bool takes = worker.state == core::WorkerState::Serving || waiting_.contains(worker.id);
      made.members.push_back({worker.id, generation.id, worker.slot, takes});
    }
  }
  return made;
}

}  // namespace hupd::master
