// All waits that end by the clock.
#pragma once

#include "core/events.hpp"
#include "core/turn.hpp"

namespace hupd::core {

void on(Turn& turn, const Tick& event);

}  // namespace hupd::core
