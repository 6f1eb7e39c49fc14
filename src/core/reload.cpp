#include "core/reload.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/find.hpp"
#include "core/rules.hpp"
#include "core/slots.hpp"
#include "core/switch.hpp"
#include "core/zygote.hpp"

namespace hupd::core {
namespace {

// A generation on its way out, and when the last of it is told to leave or killed.
struct WayOut {
  GenerationId generation;
  Time until;
};

std::vector<WayOut> ways_out(const AppState& state) {
  std::vector<WayOut> found;
  for (const Generation& generation : state.generations) {
    WayOut way{generation.id, Time::min()};
    for (const Worker& worker : generation.workers) {
      if (rules::drains(generation.state, worker.state)) {
        way.until = std::max(way.until, worker.deadline);
      }
    }
    if (way.until != Time::min()) found.push_back(way);
  }
  return found;
}

void hold_back(Turn& turn, const std::vector<WayOut>& ways) {
  if (std::exchange(turn.state.reload_held_back, true)) return;
  const auto next = std::min_element(
      ways.begin(), ways.end(), [](const WayOut& a, const WayOut& b) { return a.until < b.until; });
  turn.act(ReloadHeldBack{next->generation, std::max(next->until - turn.now, Duration{0})});
}

}  // namespace

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
  const bool replaced_others = rules::relieves_old_workers(generation.state);
  resize(turn, generation,
         replaced_others ? count_held(generation, WorkerState::Serving) : std::size_t{0});
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
  Generation generation;
  if (const Generation* serving = find_serving(state)) generation.policy = serving->policy;
  const std::vector<WayOut> ways = ways_out(state);
  if (!rules::has_room_for_reload(ways.size(), generation.policy.max_draining)) {
    return hold_back(turn, ways);
  }
  state.reload_wanted = false;
  state.reload_held_back = false;
  generation.id = ++state.last_generation;
  generation.deadline = turn.deadline(generation.policy.boot_timeout);
  turn.act(ReloadStarted{generation.id});
  turn.act(Prepare{generation.id});
  state.generations.push_back(std::move(generation));
}

void give_way_to_reload(Turn& turn) {
  Generation* fresh = find_in_flight(turn.state);
  if (!turn.state.reload_wanted || fresh == nullptr) return;
  if (!rules::gives_way_to_reload(fresh->state)) return;
  reject(turn, *fresh, "another reload was asked for before the canary was promoted");
}

void generation_overdue(Turn& turn, Generation& generation) {
  if (generation.state == GenerationState::Canary) return promote(turn, generation);
  reject(turn, generation, "the configuration was not read in time (boot_timeout)");
}

}  // namespace hupd::core
