// What became of what a client waits for.
#include <algorithm>

#include "master/control_server.hpp"

namespace hupd::master {

namespace {

std::uint32_t exit_code_of(control::Outcome outcome, bool is_taken_back) {
  switch (outcome) {
    case control::Outcome::Running:
    case control::Outcome::Done:
    case control::Outcome::Unchanged:
      break;
    case control::Outcome::Rejected:
      return is_taken_back ? 0 : 1;
    case control::Outcome::RolledBack:
    case control::Outcome::Failed:
      return 1;
    case control::Outcome::Refused:
      return 2;
  }
  return 0;
}

}  // namespace

bool ControlServer::is_over(const control::Reload& reload, const Awaited& awaited) {
  if (reload.outcome == control::Outcome::Running) return false;
  if (reload.outcome != control::Outcome::Done) return true;
  if (awaited.probation && reload.probation) return false;
  return !awaited.drained || reload.drained_ms;
}

// Generations are told apart by their number for as long as there is a master, so the one of the
// ticket is the requester's own, or never comes: its app has been stopped, or has failed to start.
std::optional<control::Reload> ControlServer::outcome_of(const control::Ticket& ticket,
                                                         const Awaited& awaited) const {
  const auto* known = chronicle_.find(ticket.app, ticket.generation);
  if (known != nullptr && is_over(*known, awaited)) return *known;
  const auto apps = orders_.apps();
  if (std::find(apps.begin(), apps.end(), ticket.app) != apps.end()) return std::nullopt;
  if (known != nullptr && known->outcome == control::Outcome::Done) return *known;
  control::Reload lost;
  lost.app = ticket.app;
  lost.generation = ticket.generation;
  lost.outcome = control::Outcome::Rejected;
  lost.reason = "the app was stopped before its turn came";
  const auto* last = chronicle_.last(ticket.app);
  if (last != nullptr && last->reason) lost.reason = *lost.reason + "; before: " + *last->reason;
  return lost;
}

std::optional<control::Result> ControlServer::result_of(const Awaited& awaited) const {
  control::Result result;
  for (const auto& ticket : awaited.tickets) {
    auto outcome = outcome_of(ticket, awaited);
    if (!outcome) return std::nullopt;
    result.reloads.push_back(std::move(*outcome));
  }
  if (awaited.tickets.empty()) {
    for (const auto& app : awaited.apps.empty() ? orders_.apps() : awaited.apps) {
      if (orders_.is_reloading(app)) return std::nullopt;
      const auto* last = chronicle_.last(app);
      if (last == nullptr) continue;
      if (!is_over(*last, awaited)) return std::nullopt;
      result.reloads.push_back(*last);
    }
  }
  for (const auto& reload : result.reloads) {
    result.exit_code =
        std::max(result.exit_code, exit_code_of(reload.outcome, awaited.is_taken_back));
  }
  const auto refused =
      std::find_if(result.reloads.begin(), result.reloads.end(),
                   [](const auto& r) { return r.outcome == control::Outcome::Refused; });
  if (refused != result.reloads.end()) result.refused = refused->reason;
  return result;
}

}  // namespace hupd::master
