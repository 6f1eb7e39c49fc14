// Stands in for src/core/rules.hpp when the core is built once more for test_mutants: the same
// rules, of which the active mutant breaks one.
#pragma once

#define rules original_rules
#include "../../../../src/core/rules.hpp"
#undef rules

#include "mutants.hpp"

namespace hupd::core::rules {

using original_rules::in_flight;
using original_rules::is_degraded;
using original_rules::keeps_trigger;
using original_rules::most_ways_back;
using original_rules::replaced_at;
using sim::is_active;
using sim::Mutant;

inline bool may_begin_reload(bool wanted, bool one_in_flight) {
  if (is_active(Mutant::TwoReloadsInFlight)) return wanted;
  return original_rules::may_begin_reload(wanted, one_in_flight);
}

inline bool has_room_for_reload(std::size_t draining, std::uint32_t max_draining) {
  if (is_active(Mutant::DrainsWithoutBound)) return true;
  return original_rules::has_room_for_reload(draining, max_draining);
}

inline bool drains(GenerationState generation, WorkerState worker, bool has_no_room) {
  if (is_active(Mutant::WaitsForTheUnkillable)) return generation == GenerationState::Retiring;
  if (is_active(Mutant::WaitsForThoseWithoutRoom)) has_no_room = false;
  if (is_active(Mutant::WaitsForTheRejected) && generation == GenerationState::Receding)
    return true;
  return original_rules::drains(generation, worker, has_no_room);
}

inline bool waits_for_room(AppPhase phase, WorkerState worker) {
  if (is_active(Mutant::CutsThoseWithoutRoom)) return false;
  if (is_active(Mutant::RoomPutsOffAStop)) phase = AppPhase::Running;
  return original_rules::waits_for_room(phase, worker);
}

inline bool begins_with_canary(std::uint32_t canary, bool first_start) {
  if (is_active(Mutant::CanaryIgnored)) return false;
  return original_rules::begins_with_canary(canary, first_start);
}

inline bool relieves_old_workers(GenerationState state) {
  if (is_active(Mutant::CanaryTakesPlaces)) return true;
  return original_rules::relieves_old_workers(state);
}

inline bool ends_when_unwell(GenerationState state) {
  if (is_active(Mutant::UnwellCanaryIsKept)) return false;
  return original_rules::ends_when_unwell(state);
}

inline bool gives_way_to_reload(GenerationState state) {
  if (is_active(Mutant::CanaryBlocksReloads)) return false;
  return original_rules::gives_way_to_reload(state);
}

inline std::size_t batch_size(std::size_t vacant, std::uint32_t surge, bool first_start) {
  if (is_active(Mutant::SurgeIgnored)) return vacant;
  return original_rules::batch_size(vacant, surge, first_start);
}

inline bool batch_may_accept(std::size_t booting) {
  if (is_active(Mutant::AcceptsBeforeAllAreReady)) return true;
  return original_rules::batch_may_accept(booting);
}

inline bool next_batch_may_boot(std::size_t old_leaving) {
  if (is_active(Mutant::BatchDoesNotWait)) return true;
  return original_rules::next_batch_may_boot(old_leaving);
}

inline WorkerState when_ready(GenerationState state) {
  if (is_active(Mutant::AcceptsWithoutTheSwitch)) return WorkerState::Serving;
  if (is_active(Mutant::RespawnsStayOnStandby)) return WorkerState::Standby;
  return original_rules::when_ready(state);
}

inline std::size_t serving_slots(std::size_t target, std::size_t switched_in, std::size_t receding,
                                 std::uint32_t surge, std::size_t serving) {
  if (is_active(Mutant::DrainsOneTooMany) && switched_in > 0) ++switched_in;
  if (is_active(Mutant::RefillsAllAtOnce)) receding = 0;
  return original_rules::serving_slots(target, switched_in, receding, surge, serving);
}

inline std::size_t receding_slots(std::size_t target, std::size_t switched_in,
                                  std::size_t serving) {
  if (is_active(Mutant::RejectedGoBeforeTheRefill)) return 0;
  return original_rules::receding_slots(target, switched_in, serving);
}

inline bool replaces_losses(GenerationState state) {
  if (is_active(Mutant::RejectedReplacesItsLosses)) {
    return state == GenerationState::Serving || in_flight(state);
  }
  if (is_active(Mutant::LossesAreNotReplaced)) return false;
  return original_rules::replaces_losses(state);
}

inline bool needs_zygote(GenerationState state, bool is_youngest_parked) {
  if (is_active(Mutant::ParkedZygoteGoes)) is_youngest_parked = false;
  if (is_active(Mutant::OldZygoteIsKept)) return true;
  return original_rules::needs_zygote(state, is_youngest_parked);
}

inline bool is_kept(GenerationState state, Probation probation, std::size_t younger,
                    std::uint32_t keep, bool is_same) {
  if (is_active(Mutant::KeepsTooMany)) ++keep;
  if (is_active(Mutant::KeepsTheSame)) is_same = false;
  if (is_active(Mutant::KeepsWhatFailed)) probation = Probation::None;
  return original_rules::is_kept(state, probation, younger, keep, is_same);
}

inline bool begins_probation(Duration time, bool goes_back, bool has_kept) {
  if (is_active(Mutant::WayBackHasAProbation)) goes_back = false;
  return original_rules::begins_probation(time, goes_back, has_kept);
}

inline bool fails_probation(std::uint32_t losses, std::uint32_t crashes) {
  if (is_active(Mutant::ProbationForgivesAll)) return false;
  return original_rules::fails_probation(losses, crashes);
}

inline bool tries_again(std::uint32_t ways_back) {
  if (is_active(Mutant::GoesBackForEver)) return true;
  return original_rules::tries_again(ways_back);
}

inline bool may_go_back(bool one_in_flight, bool wanted) {
  if (is_active(Mutant::GoesBackBesideAReload)) return true;
  if (is_active(Mutant::GoesBackBeforeAReload)) wanted = false;
  return original_rules::may_go_back(one_in_flight, wanted);
}

inline bool retries_at_once(std::uint32_t failures) {
  if (is_active(Mutant::CrashLoopSpins)) return true;
  return original_rules::retries_at_once(failures);
}

inline std::uint32_t doublings(std::uint32_t failures) {
  if (is_active(Mutant::DelayDoesNotGrow)) return 0;
  return original_rules::doublings(failures);
}

inline bool was_stable(Time since, Time now, Duration stable_after) {
  if (is_active(Mutant::FailuresAreNeverForgiven)) return false;
  return original_rules::was_stable(since, now, stable_after);
}

inline bool is_killed_at_stop(WorkerState worker) {
  if (is_active(Mutant::StopWaitsForBootingWorkers)) return false;
  return original_rules::is_killed_at_stop(worker);
}

inline bool is_killed_at_stop(ZygoteState zygote) {
  if (is_active(Mutant::StopWaitsForBootingZygotes)) return false;
  return original_rules::is_killed_at_stop(zygote);
}

inline bool may_relieve(bool in_flight, std::size_t receding, std::size_t beyond,
                        std::uint32_t surge) {
  if (is_active(Mutant::ReliefsWithoutBound)) beyond = 0;
  if (is_active(Mutant::ReliefsDuringReloads)) in_flight = false;
  return original_rules::may_relieve(in_flight, receding, beyond, surge);
}

inline bool keeps_reliefs(bool in_flight) {
  if (is_active(Mutant::ReliefsAreKept)) return true;
  return original_rules::keeps_reliefs(in_flight);
}

inline bool may_forget(GenerationState state, ZygoteState zygote, std::size_t workers) {
  if (is_active(Mutant::ZygoteIsForgottenAlive)) zygote = ZygoteState::None;
  if (is_active(Mutant::WorkersAreForgottenAlive)) workers = 0;
  return original_rules::may_forget(state, zygote, workers);
}

}  // namespace hupd::core::rules
