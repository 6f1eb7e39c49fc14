// Probation: for a while after a reload the new generation has to prove itself. One that loses too
// many workers, or is unwell by its own word, is followed by the version before.
#pragma once

#include <string>

#include "core/turn.hpp"

namespace hupd::core {

void begin_probation(Turn& turn, Generation& fresh);
void pass_probation(Turn& turn, Generation& generation);
// These two do nothing for a generation that is not on probation.
void count_against(Turn& turn, Generation& generation, const std::string& loss);
void fail_probation(Turn& turn, Generation& generation, const std::string& reason);

// What was to come back could not: once more, then without a zygote that may have been the cause.
void way_back_failed(Turn& turn);
// Somebody does not want it.
void give_way_back_up(Turn& turn);

// Settled after every event: begins the way back.
void go_back_if_failed(Turn& turn);

}  // namespace hupd::core
