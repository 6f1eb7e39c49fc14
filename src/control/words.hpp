// How the choices that a message may have are written, once, for who writes and who reads.
#pragma once

#include "control/messages.hpp"
#include "json/words.hpp"

namespace hupd::control {

using json::Words;

inline constexpr auto words(Command) {
  using enum Command;
  return std::to_array<Words<Command>>({{Status, "status"},
                                        {History, "history"},
                                        {Reload, "reload"},
                                        {Wait, "wait"},
                                        {Watch, "watch"},
                                        {Scale, "scale"},
                                        {Stop, "stop"},
                                        {ReopenLogs, "logs-reopen"},
                                        {Rollback, "rollback"},
                                        {Promote, "promote"},
                                        {Abort, "abort"},
                                        {Upgrade, "upgrade"}});
}
inline constexpr auto words(Step) {
  using enum Step;
  return std::to_array<Words<Step>>({{Requested, "requested"},
                                     {HeldBack, "held_back"},
                                     {Started, "started"},
                                     {Copied, "copied"},
                                     {Loaded, "loaded"},
                                     {WorkerReady, "worker_ready"},
                                     {Canary, "canary"},
                                     {Switched, "switched"},
                                     {Drained, "drained"},
                                     {Done, "done"},
                                     {Probation, "probation"},
                                     {ProbationPassed, "probation_passed"},
                                     {ProbationFailed, "probation_failed"},
                                     {RolledBack, "rolled_back"},
                                     {Unchanged, "unchanged"},
                                     {Rejected, "rejected"},
                                     {Refused, "refused"},
                                     {Gone, "gone"}});
}
inline constexpr auto words(Outcome) {
  using enum Outcome;
  return std::to_array<Words<Outcome>>({{Running, "running"},
                                        {Done, "done"},
                                        {Rejected, "rejected"},
                                        {Refused, "refused"},
                                        {RolledBack, "rolled_back"},
                                        {Failed, "failed"},
                                        {Unchanged, "unchanged"}});
}
inline constexpr auto words(Keeper) {
  using enum Keeper;
  return std::to_array<Words<Keeper>>(
      {{Nobody, "nobody"}, {ServiceManager, "service_manager"}, {Process, "process"}});
}
inline constexpr auto words(Problem) {
  using enum Problem;
  return std::to_array<Words<Problem>>({{Request, "request"},
                                        {Permission, "permission"},
                                        {UnknownApp, "unknown_app"},
                                        {Busy, "busy"},
                                        {Stopping, "stopping"},
                                        {Impossible, "impossible"}});
}

using json::word;

}  // namespace hupd::control
