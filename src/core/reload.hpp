// A reload up to its first worker, and its end when it fails. The first start is one, too.
#pragma once

#include <string>

#include "core/events.hpp"
#include "core/turn.hpp"

namespace hupd::core {

void on(Turn& turn, const StartRequested& event);
void on(Turn& turn, const ReloadRequested& event);
void on(Turn& turn, const Prepared& event);
void on(Turn& turn, const PrepareFailed& event);

// Ends the reload in flight. What accepts already recedes, everything else of it goes at once.
// Without a serving generation that is the end of the app; but a first start that was lost with its
// master, by no fault of its own, is wanted again.
void reject(Turn& turn, Generation& generation, const std::string& reason,
            bool is_blameless = false);

// Ends a canary when a trigger waits behind it.
void give_way_to_reload(Turn& turn);

// Turns a waiting trigger into a generation, when none is in flight.
void begin_wanted_reload(Turn& turn);
// None may be in flight. `source`: the parked generation to go back to; 0: none, what is deployed.
void begin_reload(Turn& turn, GenerationId source, bool by_itself = false);

// The answer to Prepare has not come in time; or a canary has been held, or a probation has gone
// on, long enough.
void generation_overdue(Turn& turn, Generation& generation);

}  // namespace hupd::core
