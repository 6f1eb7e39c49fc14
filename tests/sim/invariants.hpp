// The promises of the core, checked for one step against the model of what is really there.
#pragma once

#include <string>
#include <vector>

#include "core/state.hpp"
#include "model.hpp"

namespace hupd::sim {

// `model` is as it was before the event; afterwards it has taken in the event and the actions.
// Returns what was broken, in words; nothing is broken when it is empty.
std::vector<std::string> check_step(Model& model, const Event& event,
                                    const std::vector<Action>& actions,
                                    const core::AppState& after);

// When nothing can happen any more and no fault was injected for long enough: full strength, or
// stopped.
std::vector<std::string> check_rest(const Model& model);

}  // namespace hupd::sim
