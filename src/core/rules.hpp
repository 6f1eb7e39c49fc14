// The decisions that everything else carries out, each a sentence of the design and a pure function
// of what it needs to know. The simulator's mutants replace some of them one at a time and must be
// found out (tests/sim/mutants).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/rules_versions.hpp"
#include "core/state.hpp"

namespace hupd::core::rules {

constexpr bool in_flight(GenerationState state) {
  return state == GenerationState::Preparing || state == GenerationState::Booting ||
         state == GenerationState::Canary || state == GenerationState::Switching;
}

// One reload at a time; triggers that arrive meanwhile are one more.
constexpr bool may_begin_reload(bool wanted, bool one_in_flight) {
  return wanted && !one_in_flight;
}

// Each reload may leave a generation that drains for all of drain_timeout, so reloads in quick
// succession would pile up processes without a bound. The next one waits until one of them is gone.
// (To cut the oldest short instead would be noticed by its clients. Held back, a reload is late by
// what is left of one drain, and those that arrive meanwhile become one with it.)
constexpr bool has_room_for_reload(std::size_t draining, std::uint32_t max_draining) {
  return draining < std::max(max_draining, 1U);
}

// Who makes a generation count for that: whoever is there and will go. Not a worker that nothing
// can end, for which a reload would wait for ever; nor those of a rejected generation that accepts
// still, since the next deploy may be what mends the matter; nor one that waits for room in the
// hand-over queue, which the next deploy may be to make.
constexpr bool drains(GenerationState generation, WorkerState worker, bool has_no_room) {
  const bool is_superseded =
      generation == GenerationState::Retiring || generation == GenerationState::Parked;
  return is_superseded && worker != WorkerState::Stuck && !has_no_room;
}

// Connections that wait for others to take them are nobody's fault here, and none is cut for it;
// but a stop is not put off by them.
constexpr bool waits_for_room(AppPhase phase, WorkerState worker) {
  return phase == AppPhase::Running && worker == WorkerState::Draining;
}

// A trigger that comes while a reload is in flight is kept for afterwards.
constexpr bool keeps_trigger(AppPhase phase) { return phase == AppPhase::Running; }

// A canary is there to be compared with what serves: the first start has none.
constexpr bool begins_with_canary(std::uint32_t canary, bool first_start) {
  return canary > 0 && !first_start;
}

// How many new workers boot together. The first start has no capacity to spare or to keep.
constexpr std::size_t batch_size(std::size_t vacant, std::uint32_t surge, bool first_start) {
  return first_start ? vacant : std::min<std::size_t>(vacant, std::max(surge, 1U));
}

// Old workers make room for new ones that accept, but not for a canary: it may be gone any moment.
constexpr bool relieves_old_workers(GenerationState state) {
  return state != GenerationState::Canary;
}

// A worker that serves, but not well, is what a canary is there to show, and the batches of a
// switch are another one. Of a generation that has proved itself nobody is taken away for it:
// others may be no better.
constexpr bool ends_when_unwell(GenerationState state) { return in_flight(state); }

// A canary that waits, perhaps for a person, gives way to a newer deploy.
constexpr bool gives_way_to_reload(GenerationState state) {
  return state == GenerationState::Canary;
}

// A batch accepts together: none of it is still on its way.
constexpr bool batch_may_accept(std::size_t booting) { return booting == 0; }

// The next batch waits until the old workers that the last one relieved are gone, or `surge` would
// not bound the processes.
constexpr bool next_batch_may_boot(std::size_t old_leaving) { return old_leaving == 0; }

// A worker of the generation that serves accepts as soon as it is ready; a new generation's waits
// for its batch.
constexpr WorkerState when_ready(GenerationState state) {
  return state == GenerationState::Serving ? WorkerState::Serving : WorkerState::Standby;
}

// What the serving generation keeps filled: one place less for each worker of the reload in flight
// that accepts. While a rejected generation recedes, places are added only up to `surge` beyond
// what that one still occupies; those already there (`held`) stay.
constexpr std::size_t serving_slots(std::size_t target, std::size_t switched_in,
                                    std::size_t receding, std::uint32_t surge,
                                    std::size_t serving) {
  const std::size_t room = std::max<std::size_t>(surge, 1);
  const std::size_t most = target > switched_in ? target - switched_in : 0;
  const std::size_t occupied = receding > room ? receding - room : 0;
  const std::size_t refilled = most > occupied ? most - occupied : 0;
  return std::max(std::min(serving, most), refilled);
}

// What a rejected generation still serves: whatever nobody else serves yet.
constexpr std::size_t receding_slots(std::size_t target, std::size_t switched_in,
                                     std::size_t serving) {
  const std::size_t covered = switched_in + serving;
  return target > covered ? target - covered : 0;
}

// Losses are replaced from the generation that serves, never from one that has not switched yet or
// was rejected.
constexpr bool replaces_losses(GenerationState state) { return state == GenerationState::Serving; }

// Only a generation that still forks has use for its zygote, and the one to go back to at once.
constexpr bool needs_zygote(GenerationState state, bool is_youngest_parked) {
  return in_flight(state) || state == GenerationState::Serving || is_youngest_parked;
}

// The n-th failure in a row is retried at once for n = 1, after backoff_first for n = 2, and each
// time after twice as long: the number of doublings, or none at all.
constexpr bool retries_at_once(std::uint32_t failures) { return failures <= 1; }
constexpr std::uint32_t doublings(std::uint32_t failures) { return failures - 2; }
constexpr bool is_degraded(std::uint32_t failures) { return failures >= 3; }

// Served long enough to prove that the slot is healthy.
constexpr bool was_stable(Time since, Time now, Duration stable_after) {
  return since != never && now - since >= stable_after;
}

// A worker that drains by itself is replaced at once; but one that always does so as soon as it
// serves must not make the app spin.
constexpr Time replaced_at(Time drained, Time serving_since) {
  constexpr Duration shortest_life{100};
  return std::max(drained, serving_since + shortest_life);
}

// A stop waits for nobody who still boots: it serves nobody, so that nothing is lost, and while it
// is in the application's code it hears no request to leave. One on standby does, and has a stop()
// of the application's coming to it.
constexpr bool is_killed_at_stop(WorkerState worker) {
  return worker == WorkerState::Requested || worker == WorkerState::Booting;
}
constexpr bool is_killed_at_stop(ZygoteState zygote) { return zygote == ZygoteState::Starting; }

// So many workers of a generation may die while they adopt a connection; their replacements end
// what still waits. Otherwise it would kill one after the other, and a broken adopt() would be an
// outage.
constexpr bool is_adoption_deadly(std::uint32_t deaths) { return deaths >= 2; }

// A worn worker is relieved by the current code only, so not while a reload or a refill goes on;
// and `surge` bounds the processes beyond the configured ones: reliefs, and who was relieved and
// has not gone yet.
constexpr bool may_relieve(bool in_flight, std::size_t receding, std::size_t beyond,
                           std::uint32_t surge) {
  return !in_flight && receding == 0 && beyond < std::max(surge, 1U);
}
// A reload replaces everybody: a relief on its way is one process too many then.
constexpr bool keeps_reliefs(bool in_flight) { return !in_flight; }

// Nothing of the generation lives.
constexpr bool may_forget(GenerationState state, ZygoteState zygote, std::size_t workers) {
  return state == GenerationState::Retiring && zygote == ZygoteState::None && workers == 0;
}

}  // namespace hupd::core::rules
