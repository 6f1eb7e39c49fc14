// Going back: which of the superseded generations are kept for it, and how one is taken up again. A
// rollback is a reload like any other, with a number of its own, that gets its configuration, its
// copy and, when that is there, its zygote from a parked generation. max_draining does not hold it
// back: somebody is in a hurry, and each takes the time of a boot.
#pragma once

#include "core/events.hpp"
#include "core/turn.hpp"

namespace hupd::core {

// With a reload in flight that is what is taken back: it ends, and what serves goes on, unless
// another version is named. With a rollback in flight: nothing.
void on(Turn& turn, const RollbackRequested& event);

// All others end or are parked: `fresh` has taken over from them.
void supersede(Turn& turn, const Generation& fresh);

// The zygote of what it goes back to; false: it needs one of its own.
bool take_up_zygote(Turn& turn, Generation& generation);

}  // namespace hupd::core
