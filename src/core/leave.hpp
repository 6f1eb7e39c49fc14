// Telling workers to go.
#pragma once

#include "core/turn.hpp"

namespace hupd::core {

void quit(Turn& turn, const Policy& policy, Worker& worker);
void kill(Turn& turn, const Policy& policy, Worker& worker);

// It is not wanted any more: drains if it accepts, quits if it does not yet, and otherwise is on
// its way out already.
void dismiss(Turn& turn, const Policy& policy, Worker& worker);

// The same without the time to finish what it has in hand.
void dismiss_quickly(Turn& turn, const Policy& policy, Worker& worker);

}  // namespace hupd::core
