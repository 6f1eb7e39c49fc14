// A generation's zygote, from its start to its exit.
#pragma once

#include "core/events.hpp"
#include "core/turn.hpp"

namespace hupd::core {

void start_zygote(Turn& turn, Generation& generation);
void kill_zygote(Turn& turn, Generation& generation);  // if it lives and was not killed yet

void on(Turn& turn, const ZygoteReady& event);
void on(Turn& turn, const ZygoteFailed& event);
void on(Turn& turn, const ZygoteExited& event);

// Retires the zygotes that nobody needs any more, and restarts those whose time has come.
void settle_zygotes(Turn& turn);

// Its deadline has passed.
void zygote_overdue(Turn& turn, Generation& generation);

}  // namespace hupd::core
