// The end of the app, and of each generation.
#pragma once

#include "core/events.hpp"
#include "core/turn.hpp"

namespace hupd::core {

void on(Turn& turn, const StopRequested& event);

// Forgets every generation of which nothing lives.
void forget_dead_generations(Turn& turn);

// When nothing is left of a stopping app, it has stopped.
void finish_stop(Turn& turn);

}  // namespace hupd::core
