#include "core/probation.hpp"

#include "core/find.hpp"
#include "core/reload.hpp"
#include "core/rules.hpp"

namespace hupd::core {

void begin_probation(Turn& turn, Generation& fresh) {
  const Duration time = fresh.policy.probation;
  const bool has_kept = find_kept(turn.state, 0) != nullptr;
  if (!rules::begins_probation(time, fresh.source != 0, has_kept)) return;
  fresh.probation = Probation::Running;
  fresh.deadline = turn.deadline(time);
  turn.act(ProbationBegan{fresh.id, time});
}

void pass_probation(Turn& turn, Generation& generation) {
  generation.probation = Probation::None;
  generation.deadline = never;
  turn.act(ProbationPassed{generation.id});
}

void count_against(Turn& turn, Generation& generation, const std::string& loss) {
  if (generation.probation != Probation::Running) return;
  ++generation.losses;
  if (!rules::fails_probation(generation.losses, generation.policy.probation_crashes)) return;
  fail_probation(
      turn, generation,
      "it lost " + std::to_string(generation.losses) + " workers on probation, the last: " + loss);
}

void fail_probation(Turn& turn, Generation& generation, const std::string& reason) {
  if (generation.probation != Probation::Running) return;
  generation.probation = Probation::Failed;
  generation.deadline = never;
  turn.act(ProbationFailed{generation.id, reason});
}

void way_back_failed(Turn& turn) {
  Generation* serving = find_serving(turn.state);
  if (serving == nullptr || serving->probation != Probation::Answered) return;
  if (rules::tries_again(serving->ways_back)) serving->probation = Probation::Failed;
}

void give_way_back_up(Turn& turn) {
  Generation* serving = find_serving(turn.state);
  const bool is_answer = serving != nullptr && serving->probation == Probation::Answered;
  if (is_answer) serving->ways_back = rules::most_ways_back;
}

void go_back_if_failed(Turn& turn) {
  Generation* serving = find_serving(turn.state);
  if (serving == nullptr || serving->probation != Probation::Failed) return;
  Generation* fresh = find_in_flight(turn.state);
  if (fresh != nullptr && rules::gives_way_to_reload(fresh->state)) {
    reject(turn, *fresh, "what it was compared with failed its probation");
    fresh = nullptr;
  }
  if (!rules::may_go_back(fresh != nullptr, turn.state.reload_wanted)) return;
  if (const Generation* kept = find_kept(turn.state, 0)) begin_reload(turn, kept->id, true);
}

}  // namespace hupd::core
