// The core's states as control clients are told them (src/control/schema/reply.json).
#pragma once

#include <string>

#include "core/state.hpp"

namespace hupd::master {

std::string in_words(core::AppPhase state);
std::string in_words(core::GenerationState state);
std::string in_words(core::ZygoteState state);
std::string in_words(core::WorkerState state);

}  // namespace hupd::master
