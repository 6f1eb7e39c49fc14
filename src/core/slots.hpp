// Places for workers: how many each generation has, and filling the vacant ones.
#pragma once

#include <cstddef>
#include <string>

#include "core/events.hpp"
#include "core/turn.hpp"

namespace hupd::core {

void on(Turn& turn, const ScaleBy& event);
void on(Turn& turn, const ScaleTo& event);

// Adds the lowest free numbers, or drops slots and dismisses who holds them: vacant ones first,
// then those that do not accept, then the highest.
void resize(Turn& turn, Generation& generation, std::size_t wanted);

// Brings the serving generation, and rejected ones that still accept, to the number of slots that
// the state of the reload and of the refill gives them.
void balance(Turn& turn);

// The slot's worker, or its relief, ended unasked: says so and sets the moment of the next try. A
// relief has the slot when it outlives whom it was to relieve.
void fail_slot(Turn& turn, Generation& generation, Slot& slot, const Worker& worker,
               const std::string& why);

// The slot's worker asks to go, which is no failure: a replacement is due.
void leave_slot(Turn& turn, Generation& generation, Slot& slot, const Worker& worker);

// The worker is gone from its slot, or as its relief, by no fault of its own: nothing is counted
// against the slot.
void vacate_slot(Generation& generation, const Worker& worker);

// Forks for the vacant slots of the serving generation whose time has come.
void fill_vacant_slots(Turn& turn);

}  // namespace hupd::core
