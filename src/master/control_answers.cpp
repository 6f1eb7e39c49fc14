// What each request is answered.
#include <algorithm>

#include "control/codec.hpp"
#include "master/control_server.hpp"

namespace hupd::master {

namespace {

bool is_among(const std::vector<std::string>& apps, const std::string& app) {
  return apps.empty() || std::find(apps.begin(), apps.end(), app) != apps.end();
}

control::Error error(control::Problem problem, std::string text) {
  return {problem, std::move(text)};
}

}  // namespace

void ControlServer::on_line(Held& held, const std::string& line) {
  const auto request = control::parse_request(line);
  if (!request) {
    return held.client->send(control::to_line(error(control::Problem::Request, request.error())));
  }
  if (auto fault = fault_in(held, *request)) return held.client->send(control::to_line(*fault));
  answer(held, *request);
}

void ControlServer::answer(Held& held, const control::Request& request) {
  switch (request.command) {
    case control::Command::Status:
      return answer_status(held, request);
    case control::Command::History:
      return answer_history(held, request);
    case control::Command::Reload:
      return answer_reload(held, request);
    case control::Command::Rollback:
    case control::Command::Promote:
    case control::Command::Abort:
      return answer_in_flight(held, request);
    case control::Command::Wait:
      return answer_wait(held, request);
    case control::Command::Watch:
      held.watches = true;
      held.apps = request.apps;
      held.client->set_expecting(true);
      break;
    case control::Command::Scale:
      return answer_scale(held, request);
    case control::Command::Stop:
      held.client->set_expecting(true);  // the end
      orders_.stop(request.quick);
      break;
    case control::Command::ReopenLogs:
      orders_.reopen_logs();
      break;
    case control::Command::Upgrade:
      return answer_upgrade(held, request);
  }
  held.client->send(control::to_line(control::Accepted{}));
}

void ControlServer::answer_status(Held& held, const control::Request& request) {
  auto status = orders_.status();
  std::erase_if(status.apps, [&](const auto& app) { return !is_among(request.apps, app.app); });
  held.client->send(control::to_line(std::move(status)));
}

void ControlServer::answer_history(Held& held, const control::Request& request) {
  control::History history;
  for (const auto& reload : chronicle_.reloads()) {
    if (reload.app.empty() || is_among(request.apps, reload.app)) {
      history.reloads.push_back(reload);
      history.reloads.back().age_ms = chronicle_.age(reload);
    }
  }
  held.client->send(control::to_line(std::move(history)));
}

void ControlServer::answer_reload(Held& held, const control::Request& request) {
  const auto ordered =
      orders_.reload(request.apps, {.force = request.force, .only_changed = request.changed});
  if (!ordered) return held.client->send(control::to_line(ordered.error()));
  if (ordered->refused) {
    control::Result result{2, {}, ordered->refused, {}};
    return held.client->send(control::to_line(std::move(result)));
  }
  held.client->send(control::to_line(control::Accepted{ordered->tickets}));
  if (!request.wait) return;
  expect(held, {ordered->tickets, {}, request.drained, request.probation}, request.steps);
}

// One app: which, goes without saying when there is one only.
void ControlServer::answer_in_flight(Held& held, const control::Request& request) {
  const auto apps = request.apps.empty() ? orders_.apps() : request.apps;
  const auto answer = [&]() -> Orders::Answer {
    if (apps.size() != 1) {
      return tl::unexpected(error(control::Problem::Request, "which app? Name one"));
    }
    if (request.command == control::Command::Promote) return orders_.promote(apps[0]);
    if (request.command == control::Command::Abort) return orders_.abort(apps[0]);
    return orders_.roll_back(apps[0], request.to.value_or(0));
  }();
  if (!answer) return held.client->send(control::to_line(answer.error()));
  held.client->send(control::to_line(control::Accepted{{*answer}}));
  if (!request.wait) return;
  // What an abort rejects was to be rejected, and so was the deploy that a rollback takes back; not
  // a way back that the rollback itself began.
  const auto* ended = chronicle_.find(answer->app, answer->generation);
  const bool is_rejected = ended != nullptr && ended->outcome == control::Outcome::Rejected;
  const bool takes_back =
      request.command == control::Command::Rollback && is_rejected && !ended->source;
  const bool is_taken_back =
      takes_back || (is_rejected && request.command == control::Command::Abort);
  expect(held, {{*answer}, {}, request.drained, request.probation, is_taken_back}, request.steps);
}

// A SIGHUP that was sent before the request is known to the loop only after it has looked at all of
// its descriptors once more.
void ControlServer::answer_wait(Held& held, const control::Request& request) {
  expect(held, {{}, request.apps, request.drained, request.probation, false, 2}, request.steps);
}

void ControlServer::answer_scale(Held& held, const control::Request& request) {
  if (request.apps.size() != 1 || !request.workers) {
    return held.client->send(control::to_line(
        error(control::Problem::Request, "scale takes one app, and the number of workers")));
  }
  const auto scaled = orders_.scale(request.apps[0], *request.workers);
  if (!scaled) return held.client->send(control::to_line(scaled.error()));
  held.client->send(control::to_line(control::Accepted{}));
}

// Its result is told by the program that is there then.
void ControlServer::answer_upgrade(Held& held, const control::Request& request) {
  const auto ordered = orders_.upgrade();
  if (!ordered) return held.client->send(control::to_line(ordered.error()));
  held.client->send(control::to_line(control::Accepted{}));
  if (!request.wait) return;
  Awaited awaited;
  awaited.is_upgrade = true;
  expect(held, std::move(awaited), false);
}

}  // namespace hupd::master
