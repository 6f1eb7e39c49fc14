#include "core/reload.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/find.hpp"
#include "core/probation.hpp"
#include "core/rollback.hpp"
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
      if (rules::drains(generation.state, worker.state, worker.has_no_room)) {
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
  if (!take_up_zygote(turn, *generation)) start_zygote(turn, *generation);
}

void on(Turn& turn, const PrepareFailed& event) {
  Generation* generation = find_generation(turn.state, event.generation);
  if (generation == nullptr || generation->state != GenerationState::Preparing) return;
  reject(turn, *generation, event.reason, event.is_blameless);
}

void reject(Turn& turn, Generation& generation, const std::string& reason, bool is_blameless) {
  turn.act(ReloadRejected{generation.id, reason});
  generation.deadline = never;
  if (generation.source != 0) way_back_failed(turn);
  const bool replaced_others = rules::relieves_old_workers(generation.state);
  resize(turn, generation,
         replaced_others ? count_held(generation, WorkerState::Serving) : std::size_t{0});
  generation.state =
      generation.slots.empty() ? GenerationState::Retiring : GenerationState::Receding;
  if (find_serving(turn.state) != nullptr) return;
  if (is_blameless && rules::keeps_trigger(turn.state.phase)) {
    turn.state.reload_wanted = true;
  } else {
    turn.state.phase = AppPhase::Stopping;
    turn.state.outcome = StopOutcome::FirstStartFailed;
    turn.state.reload_wanted = false;
  }
}

void begin_wanted_reload(Turn& turn) {
  AppState& state = turn.state;
  const bool busy = find_in_flight(state) != nullptr;
  if (!rules::may_begin_reload(state.reload_wanted, busy)) return;
  const Generation* serving = find_serving(state);
  const std::uint32_t max_draining =
      serving == nullptr ? Policy{}.max_draining : serving->policy.max_draining;
  const std::vector<WayOut> ways = ways_out(state);
  if (!rules::has_room_for_reload(ways.size(), max_draining)) return hold_back(turn, ways);
  state.reload_wanted = false;
  state.reload_held_back = false;
  begin_reload(turn, 0);
}

void begin_reload(Turn& turn, GenerationId source, bool by_itself) {
  Generation generation;
  if (Generation* serving = find_serving(turn.state)) {
    generation.policy = serving->policy;
    const bool is_answer = source != 0 && serving->probation == Probation::Failed;
    if (is_answer) serving->probation = Probation::Answered;  // whoever asked for it
    if (is_answer) ++serving->ways_back;
  }
  generation.id = ++turn.state.last_generation;
  generation.source = source;
  generation.deadline = turn.deadline(generation.policy.boot_timeout);
  turn.act(ReloadStarted{generation.id, source, by_itself});
  turn.act(Prepare{generation.id, source});
  turn.state.generations.push_back(std::move(generation));
}

void give_way_to_reload(Turn& turn) {
  Generation* fresh = find_in_flight(turn.state);
  if (!turn.state.reload_wanted || fresh == nullptr) return;
  if (!rules::gives_way_to_reload(fresh->state)) return;
  reject(turn, *fresh, "another reload was asked for before the canary was promoted");
}

void generation_overdue(Turn& turn, Generation& generation) {
  if (generation.state == GenerationState::Canary) return promote(turn, generation);
  if (generation.state == GenerationState::Serving) return pass_probation(turn, generation);
  reject(turn, generation, "the configuration was not read in time (boot_timeout)");
}

}  // namespace hupd::core
