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

// Settled after every event: begins the way back.
void go_back_if_failed(Turn& turn);

}  // namespace hupd::core
