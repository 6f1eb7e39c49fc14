#include "core/rollback.hpp"

#include <utility>

#include "core/find.hpp"
#include "core/reload.hpp"
#include "core/rules.hpp"
#include "core/slots.hpp"

namespace hupd::core {
namespace {

constexpr const char* asked = "a rollback was asked for";

// Whoever asked for it learns that it will not come.
void drop_wanted_reload(Turn& turn) {
  if (!std::exchange(turn.state.reload_wanted, false)) return;
  turn.state.reload_held_back = false;
  turn.act(ReloadDropped{++turn.state.last_generation, asked});
}

void park_or_retire(Turn& turn, Generation& generation, bool is_kept) {
  resize(turn, generation, 0);
  generation.deadline = never;
  generation.state = is_kept ? GenerationState::Parked : GenerationState::Retiring;
  if (generation.zygote.state == ZygoteState::Waiting) generation.zygote = {};
}

}  // namespace

void on(Turn& turn, const RollbackRequested& event) {
  if (turn.state.phase != AppPhase::Running || find_serving(turn.state) == nullptr) return;
  Generation* fresh = find_in_flight(turn.state);
  if (event.to != 0 && find_kept(turn.state, event.to) == nullptr) return;
  const bool goes_back = fresh != nullptr && fresh->source != 0;
  if (goes_back && (event.to == 0 || event.to == fresh->source)) return;
  drop_wanted_reload(turn);
  if (fresh != nullptr) reject(turn, *fresh, asked);
  if (fresh != nullptr && event.to == 0) return;  // what it was to replace serves on
  if (const Generation* kept = find_kept(turn.state, event.to)) begin_reload(turn, kept->id);
}

void supersede(Turn& turn, const Generation& fresh) {
  // The same version again, and there is another one to go back to.
  const bool pushes_nothing_out = fresh.is_same && find_kept(turn.state, 0) != nullptr;
  std::size_t younger = 0;
  auto& generations = turn.state.generations;
  for (auto it = generations.rbegin(); it != generations.rend(); ++it) {
    if (it->id == fresh.id) continue;
    const bool is_same = pushes_nothing_out && it->state == GenerationState::Serving;
    const bool is_kept = it->id != fresh.source && rules::is_kept(it->state, it->probation, younger,
                                                                  fresh.policy.keep, is_same);
    if (is_kept) ++younger;
    park_or_retire(turn, *it, is_kept);
  }
}

bool take_up_zygote(Turn& turn, Generation& generation) {
  Generation* source = find_generation(turn.state, generation.source);
  if (source == nullptr || source->zygote.state != ZygoteState::Ready) return false;
  generation.zygote = std::exchange(source->zygote, {});
  turn.act(TakeUpZygote{generation.id, source->id});
  return true;
}

}  // namespace hupd::core
