#include "core/step.hpp"

#include "core/deadlines.hpp"
#include "core/probation.hpp"
#include "core/relief.hpp"
#include "core/reload.hpp"
#include "core/rollback.hpp"
#include "core/slots.hpp"
#include "core/stop.hpp"
#include "core/switch.hpp"
#include "core/worker.hpp"
#include "core/zygote.hpp"

namespace hupd::core {
namespace {

// What follows from the new facts, whatever the event was. Each pass sees what the one before it
// decided; none needs an earlier one again.
void settle(Turn& turn) {
  switch_batch_in(turn);
  give_way_to_reload(turn);
  go_back_if_failed(turn);
  balance(turn);
  fork_next_batch(turn);
  fill_vacant_slots(turn);
  settle_zygotes(turn);
  forget_dead_generations(turn);
  begin_wanted_reload(turn);
  relieve_worn(turn);
  finish_stop(turn);
}

}  // namespace

std::vector<Action> step(AppState& state, const Event& event, Time now) {
  if (state.phase == AppPhase::Stopped) return {};
  Turn turn{state, now, {}};
  std::visit([&](const auto& happened) { on(turn, happened); }, event);
  settle(turn);
  return std::move(turn.actions);
}

}  // namespace hupd::core
