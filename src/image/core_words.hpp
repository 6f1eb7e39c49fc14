// The core's states in words: for images, and for people.
#pragma once

#include "core/state.hpp"
#include "json/words.hpp"

namespace hupd::core {

using json::Words;

inline constexpr auto words(StopOutcome) {
  using enum StopOutcome;
  return std::to_array<Words<StopOutcome>>(
      {{Asked, "asked"}, {FirstStartFailed, "first_start_failed"}});
}
inline constexpr auto words(AppPhase) {
  using enum AppPhase;
  return std::to_array<Words<AppPhase>>(
      {{New, "new"}, {Running, "running"}, {Stopping, "stopping"}, {Stopped, "stopped"}});
}
inline constexpr auto words(GenerationState) {
  using enum GenerationState;
  return std::to_array<Words<GenerationState>>({{Preparing, "preparing"},
                                                {Booting, "booting"},
                                                {Canary, "canary"},
                                                {Switching, "switching"},
                                                {Serving, "serving"},
                                                {Receding, "receding"},
                                                {Parked, "parked"},
                                                {Retiring, "retiring"}});
}
inline constexpr auto words(Probation) {
  using enum Probation;
  return std::to_array<Words<Probation>>(
      {{None, "none"}, {Running, "running"}, {Failed, "failed"}, {Answered, "answered"}});
}
inline constexpr auto words(ZygoteState) {
  using enum ZygoteState;
  return std::to_array<Words<ZygoteState>>({{None, "none"},
                                            {Waiting, "waiting"},
                                            {Starting, "starting"},
                                            {Ready, "ready"},
                                            {Failed, "failed"},
                                            {Leaving, "leaving"},
                                            {Killed, "killed"}});
}
inline constexpr auto words(WorkerState) {
  using enum WorkerState;
  return std::to_array<Words<WorkerState>>({{Requested, "requested"},
                                            {Booting, "booting"},
                                            {Standby, "standby"},
                                            {Serving, "serving"},
                                            {Failed, "failed"},
                                            {Draining, "draining"},
                                            {Quitting, "quitting"},
                                            {Aborting, "aborting"},
                                            {Killed, "killed"},
                                            {Stuck, "stuck"}});
}

}  // namespace hupd::core
