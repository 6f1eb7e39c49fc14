// The core's actions, for an image: those that were decided and not yet carried out.
#pragma once

#include "core/actions.hpp"
#include "image/core_words.hpp"

namespace hupd::json {

template <>
inline constexpr auto alternatives<core::Action> =
    std::to_array<std::string_view>({"prepare",
                                     "start_zygote",
                                     "take_up_zygote",
                                     "retire_zygote",
                                     "kill_zygote",
                                     "fork_worker",
                                     "accept",
                                     "drain",
                                     "quit",
                                     "abort",
                                     "kill",
                                     "forget",
                                     "reload_held_back",
                                     "reload_started",
                                     "reload_dropped",
                                     "canary_serves",
                                     "switched",
                                     "reload_done",
                                     "reload_rejected",
                                     "probation_began",
                                     "probation_passed",
                                     "probation_failed",
                                     "worker_relieved",
                                     "worker_lost",
                                     "drain_overdue",
                                     "unkillable",
                                     "stopped"});

}  // namespace hupd::json

namespace hupd::core {

template <typename Variant>
struct AlternativesOf;
template <typename... Ts>
struct AlternativesOf<std::variant<Ts...>> {
  template <typename T>
  static constexpr bool has = (std::is_same_v<T, Ts> || ...);
};

// Every name that a member of an action has; a new one belongs here, too.
template <typename Io, typename T>
requires(AlternativesOf<Action>::has<T>) void fields(Io& io, T& action) {
  if constexpr (requires { action.generation; }) io("generation", action.generation);
  if constexpr (requires { action.source; }) io("source", action.source);
  if constexpr (requires { action.worker; }) io("worker", action.worker);
  if constexpr (requires { action.slot; }) io("slot", action.slot);
  if constexpr (requires { action.draining; }) io("draining", action.draining);
  if constexpr (requires { action.left; }) io("left", action.left);
  if constexpr (requires { action.by_itself; }) io("by_itself", action.by_itself);
  if constexpr (requires { action.reason; }) io("reason", action.reason);
  if constexpr (requires { action.workers; }) io("workers", action.workers);
  if constexpr (requires { action.hold; }) io("hold", action.hold);
  if constexpr (requires { action.time; }) io("time", action.time);
  if constexpr (requires { action.retry_in; }) io("retry_in", action.retry_in);
  if constexpr (requires { action.degraded; }) io("degraded", action.degraded);
  if constexpr (requires { action.was_relief; }) io("was_relief", action.was_relief);
  if constexpr (requires { action.outcome; }) io("outcome", action.outcome);
}

}  // namespace hupd::core
