// The parts of check_step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/state.hpp"
#include "model.hpp"

namespace hupd::sim {

// What a single step is checked with.
struct Look {
  Model& model;
  const Event& event;
  const std::vector<Action>& actions;
  std::size_t accepting_before;  // after the event, before the actions
  std::size_t floor;             // capacity that the actions must not go below
  std::vector<std::string> broken;

  void expect(bool holds, const std::string& promise) {
    if (!holds) broken.push_back(promise);
  }
};

// May this action be taken now? (action_checks.cpp)
void check_action(Look& look, const Action& action);
// Orders to workers. (order_checks.cpp)
void check_accept(Look& look, WorkerId id);
void check_order(Look& look, WorkerId id, Order order);
// Going back. (rollback_checks.cpp)
void check_source(Look& look, GenerationId id, GenerationId source);
void check_taken_up(Look& look, const core::TakeUpZygote& taken);
void check_way_back(Look& look, const core::ReloadStarted& started);
void check_dropped(Look& look, const core::ReloadDropped& dropped);
void check_probation_begins(Look& look, const core::ProbationBegan& began);
void check_probation_passed(Look& look, GenerationId id);
void check_probation_failed(Look& look, GenerationId id);
void check_rollback_follows(Look& look, GenerationId in_flight_before);
// Who asks to go is told to, at once.
void check_asked(Look& look);
// Of a worker that is not well: `canary` is its generation, if that was one; 0: nothing was to
// happen.
void check_unwell(Look& look, GenerationId doubtful);
// A serving worker that ended must be reported, with a proper delay, and replaced.
// (loss_checks.cpp)
void check_loss(Look& look, const core::WorkerLost& lost, const std::optional<WorkerModel>& ended);
void check_forgiven(Look& look);
void check_replaced(Look& look, const WorkerModel& ended, WorkerId id);
// The core's own state agrees with what is there, and every wait ends. (state_checks.cpp)
void check_state(Look& look, const core::AppState& state);

}  // namespace hupd::sim
