// One step in the making: the state, the moment, and the actions decided so far.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "core/actions.hpp"
#include "core/state.hpp"

namespace hupd::core {

struct Turn {
  AppState& state;
  Time now;
  std::vector<Action> actions;

  void act(Action action) { actions.push_back(std::move(action)); }

  // The end of a wait that begins now. Bounded on both sides: a timeout of 0 must not make ticks
  // that come without time passing, a huge one must not overflow.
  Time deadline(Duration timeout) const {
    constexpr Duration shortest{1};
    constexpr Duration longest = std::chrono::hours{24 * 365};
    return now + std::clamp(timeout, shortest, longest);
  }
};

}  // namespace hupd::core
