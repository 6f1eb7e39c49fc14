// Recycling: a worker that has reached one of its limits is replaced while it serves on.
#pragma once

#include "core/events.hpp"
#include "core/turn.hpp"

namespace hupd::core {

void on(Turn& turn, const WorkerWorn& event);

// Forks reliefs for the worn workers of the serving generation, as many as may be; sends those away
// that a reload has overtaken.
void relieve_worn(Turn& turn);

// When the next one may be forked that is not held up by anything but its slot's `retry_at`.
Time next_relief(const AppState& state);

// The worker is ready and accepts: if it is a relief it has the slot from now on, and the worn
// worker drains.
void take_over(Turn& turn, Generation& generation, const Worker& relief);

}  // namespace hupd::core
