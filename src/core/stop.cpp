#include "core/stop.hpp"

#include "core/leave.hpp"
#include "core/rules.hpp"
#include "core/slots.hpp"
#include "core/zygote.hpp"

namespace hupd::core {
namespace {

void retire_all(Turn& turn) {
  for (Generation& generation : turn.state.generations) {
    if (rules::in_flight(generation.state)) {
      turn.act(ReloadRejected{generation.id, "stop requested"});
    }
    generation.state = GenerationState::Retiring;
    generation.deadline = never;
    resize(turn, generation, 0);
  }
}

void kill_who_boots(Turn& turn) {
  for (Generation& generation : turn.state.generations) {
    if (rules::is_killed_at_stop(generation.zygote.state)) kill_zygote(turn, generation);
    for (Worker& worker : generation.workers) {
      if (rules::is_killed_at_stop(worker.state)) kill(turn, generation.policy, worker);
    }
  }
}

void hurry_all(Turn& turn) {
  for (Generation& generation : turn.state.generations) {
    for (Worker& worker : generation.workers) dismiss_quickly(turn, generation.policy, worker);
  }
}

}  // namespace

void on(Turn& turn, const StopRequested& event) {
  const bool again = turn.state.phase == AppPhase::Stopping;
  turn.state.phase = AppPhase::Stopping;
  turn.state.reload_wanted = false;
  kill_who_boots(turn);
  // Hurried before they are retired, so that nobody is told to drain and then to quit.
  if (again || event.mode == StopMode::Quick) hurry_all(turn);
  retire_all(turn);
}

void forget_dead_generations(Turn& turn) {
  std::erase_if(turn.state.generations, [&](const Generation& generation) {
    const bool dead =
        rules::may_forget(generation.state, generation.zygote.state, generation.workers.size());
    if (dead) turn.act(Forget{generation.id});
    return dead;
  });
}

void finish_stop(Turn& turn) {
  if (turn.state.phase != AppPhase::Stopping || !turn.state.generations.empty()) return;
  turn.state.phase = AppPhase::Stopped;
  turn.act(Stopped{turn.state.outcome});
}

}  // namespace hupd::core
