// The one door of the core.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/actions.hpp"
#include "core/events.hpp"
#include "core/state.hpp"

namespace hupd::core {

// Takes in one event and returns what is to be done, in order. `now` must not run backwards.
// An event that does not fit the state (a late answer of a process that was given up, an exit that
// was already told) changes nothing and is never an error.
std::vector<Action> step(AppState& state, const Event& event, Time now);

// When Tick is due at the latest; nothing when nothing waits.
std::optional<Time> next_deadline(const AppState& state);

}  // namespace hupd::core
