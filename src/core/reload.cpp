#include "core/reload.hpp"

#include <algorithm>

#include "core/find.hpp"
#include "core/rules.hpp"
#include "core/slots.hpp"
#include "core/zygote.hpp"

namespace hupd::core {

void on(Turn& turn, const StartRequested&) {
  if (turn.state.phase != AppPhase::New) return;
  turn.state.phase = AppPhase::Running;
  turn.state.reload_wanted = true;
}

void on(Turn& turn, const ReloadRequested&) {
  if (rules::keeps_trigger(turn.state.phase)) turn.state.reload_wanted = true;
}

void on(Turn& turn, const Prepared& event) {
  Generation* generation = find_generation(turn.state, event.generation);
  if (generation == nullptr || generation->state != GenerationState::Preparing) return;
  generation->state = GenerationState::Booting;
  generation->deadline = never;
  generation->policy = event.policy;
  generation->target = std::min(event.policy.workers, workers_limit);
  resize(turn, *generation, generation->target);
  start_zygote(turn, *generation);
}

void on(Turn& turn, const PrepareFailed& event) {
  Generation* generation = find_generation(turn.state, event.generation);
  if (generation == nullptr || generation->state != GenerationState::Preparing) return;
  reject(turn, *generation, event.reason);
}

void reject(Turn& turn, Generation& generation, const std::string& reason) {
  turn.act(ReloadRejected{generation.id, reason});
  generation.deadline = never;
  resize(turn, generation, count_held(generation, WorkerState::Serving));
  generation.state =
      generation.slots.empty() ? GenerationState::Retiring : GenerationState::Receding;
  if (find_serving(turn.state) == nullptr) {
    turn.state.phase = AppPhase::Stopping;
    turn.state.outcome = StopOutcome::FirstStartFailed;
    turn.state.reload_wanted = false;
  }
}

void begin_wanted_reload(Turn& turn) {
  AppState& state = turn.state;
  const bool busy = find_in_flight(state) != nullptr;
  if (!rules::may_begin_reload(state.reload_wanted, busy)) return;
  state.reload_wanted = false;

  Generation generation;
  generation.id = ++state.last_generation;
  if (const Generation* serving = find_serving(state)) generation.policy = serving->policy;
  generation.deadline = turn.deadline(generation.policy.boot_timeout);
  turn.act(ReloadStarted{generation.id});
  turn.act(Prepare{generation.id});
  state.generations.push_back(std::move(generation));
}

void prepare_overdue(Turn& turn, Generation& generation) {
  reject(turn, generation, "the configuration was not read in time (boot_timeout)");
}

}  // namespace hupd::core
