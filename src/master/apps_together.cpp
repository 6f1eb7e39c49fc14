// What all apps are told, and what is so of all.
#include <algorithm>
#include <utility>

#include "master/apps.hpp"
#include "master/master.hpp"
#include "os/reap.hpp"

namespace hupd::master {

void Apps::stop(core::StopMode mode) {
  const bool is_first = !std::exchange(stopping_, true) && mode == core::StopMode::Graceful;
  for (auto& held : held_) {
    // It drains already, and would take this for the second request.
    if (is_first && held.standing == Standing::Leaving) continue;
    held.app->post(core::StopRequested{mode});
  }
}

void Apps::post(const core::Event& event) {
  for (auto& held : held_) held.app->post(event);
}

void Apps::post(const std::string& app, const core::Event& event) {
  if (auto* held = find(app)) held->app->post(event);
}

std::vector<std::string> Apps::names() const {
  std::vector<std::string> names;
  for (const auto& held : held_) {
    if (find(held.app->name()) == &held) names.push_back(held.app->name());
  }
  return names;
}

bool Apps::is_reloading(const std::string& app) const {
  const auto* held = find(app);
  return held != nullptr && held->app->is_reloading();
}

bool Apps::is_anything_under_way() const {
  return std::any_of(held_.begin(), held_.end(),
                     [](const Held& held) { return held.app->is_under_way(); });
}

bool Apps::is_serving(const std::string& app) const {
  const auto* held = find(app);
  return held != nullptr && held->app->serves() != nullptr;
}

std::vector<control::AppStatus> Apps::status() {
  std::vector<control::AppStatus> apps;
  for (auto& held : held_) apps.push_back(held.app->status());
  return apps;
}

void Apps::reap(const std::function<void(const os::Reaped&)>& unknown) {
  const auto catch_up = [this] {
    for (auto& held : held_) held.app->processes().catch_up();
  };
  const auto claimed = [this](const os::Reaped& reaped) {
    return std::any_of(held_.begin(), held_.end(),
                       [&](auto& held) { return held.app->processes().exited(reaped); });
  };
  catch_up();
  while (const auto reaped = os::reap_one()) {
    if (claimed(*reaped)) continue;
    // Announced and dead since the channels were read: the announcement was sent before the process
    // could be reaped, so it is there now. Whoever is still unknown is a stray orphan.
    catch_up();
    if (!claimed(*reaped)) unknown(*reaped);
  }
}

void Apps::look_for_stalls() {
  for (auto& held : held_) held.app->look_for_stalls();
}

bool Apps::all_stopped() const {
  return std::all_of(held_.begin(), held_.end(),
                     [](const Held& held) { return held.app->stopped().has_value(); });
}

bool Apps::start_failed() const {
  return std::any_of(held_.begin(), held_.end(), [](const Held& held) {
    return held.standing == Standing::First &&
           held.app->stopped() == core::StopOutcome::FirstStartFailed;
  });
}

std::chrono::milliseconds Apps::kill_timeout() const {
  std::chrono::milliseconds longest{0};
  for (const auto& held : held_) longest = std::max(longest, held.app->kill_timeout());
  return longest;
}

int Apps::exit_code() const {
  int code = exit_done;
  for (const auto& held : held_) {
    if (held.app->stopped() != core::StopOutcome::FirstStartFailed) continue;
    code = std::max(
        code, held.app->is_misconfigured() ? exit_usage_or_configuration : exit_application_failed);
  }
  return code;
}

}  // namespace hupd::master
