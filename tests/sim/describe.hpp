// Events and actions in a few words, for the trace of a history that broke a promise.
#pragma once

#include <string>

#include "core/actions.hpp"
#include "core/events.hpp"

namespace hupd::sim {

std::string describe(const core::Event& event);
std::string describe(const core::Action& action);

}  // namespace hupd::sim
