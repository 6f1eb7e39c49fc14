// What became of what a client waits for.
#include <algorithm>

#include "master/control_server.hpp"

namespace hupd::master {

namespace {

bool is_over(const control::Reload& reload, bool drained) {
  if (reload.outcome == control::Outcome::Running) return false;
  return !drained || reload.outcome != control::Outcome::Done || reload.drained_ms;
}

std::uint32_t exit_code_of(const control::Result& result) {
  std::uint32_t code = 0;
  for (const auto& reload : result.reloads) {
    const bool is_refused = reload.outcome == control::Outcome::Refused;
    if (is_refused) return 2;
    if (reload.outcome == control::Outcome::Rejected) code = 1;
  }
  return code;
}

}  // namespace

// Generations are told apart by their number for as long as there is a master, so the one of the
// ticket is the requester's own, or never comes: its app has been stopped, or has failed to start.
std::optional<control::Reload> ControlServer::outcome_of(const control::Ticket& ticket,
                                                         bool drained) const {
  const auto* known = chronicle_.find(ticket.app, ticket.generation);
  if (known != nullptr && is_over(*known, drained)) return *known;
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
    auto outcome = outcome_of(ticket, awaited.drained);
    if (!outcome) return std::nullopt;
    result.reloads.push_back(std::move(*outcome));
  }
  if (awaited.tickets.empty()) {
    for (const auto& app : awaited.apps.empty() ? orders_.apps() : awaited.apps) {
      if (orders_.is_reloading(app)) return std::nullopt;
      const auto* last = chronicle_.last(app);
      if (last == nullptr) continue;
      if (!is_over(*last, awaited.drained)) return std::nullopt;
      result.reloads.push_back(*last);
    }
  }
  result.exit_code = exit_code_of(result);
  const auto refused =
      std::find_if(result.reloads.begin(), result.reloads.end(),
                   [](const auto& r) { return r.outcome == control::Outcome::Refused; });
  if (refused != result.reloads.end()) result.refused = refused->reason;
  return result;
}

}  // namespace hupd::master
