// The switch from the old generation to the new one, in one batch or in several.
#pragma once

#include "core/events.hpp"
#include "core/turn.hpp"

namespace hupd::core {

// Lets the batch accept when all of it is on standby, and relieves old workers in the same turn.
void switch_batch_in(Turn& turn);

// The canary has proved itself: its workers count from now on.
void promote(Turn& turn, Generation& canary);

void on(Turn& turn, const PromoteRequested& event);
void on(Turn& turn, const AbortRequested& event);

// Forks the next batch when there is room for it.
void fork_next_batch(Turn& turn);

}  // namespace hupd::core
