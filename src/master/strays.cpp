#include "master/strays.hpp"

#include <algorithm>
#include <cerrno>

#include "log/logger.hpp"
#include "os/clock.hpp"
#include "os/reap.hpp"
#include "os/service_processes.hpp"

namespace hupd::master {

namespace {

constexpr std::chrono::milliseconds moment{100};
// So often others may come to light by the death of those that are killed, and be given their time.
constexpr int most_kills = 100;
constexpr std::uint64_t look_period_ms = 20;  // some deaths that matter are not of our children

std::string names(const std::vector<os::ChildProcess>& processes) {
  constexpr std::size_t most = 20;
  std::string text;
  for (std::size_t i = 0; i < processes.size() && i < most; ++i) {
    text +=
        (i == 0 ? "" : ", ") + std::to_string(processes[i].pid) + " (" + processes[i].name + ")";
  }
  if (processes.size() > most) text += " and " + std::to_string(processes.size() - most) + " more";
  return text;
}

void warn(const std::string& text, const std::vector<os::ChildProcess>& processes) {
  if (!processes.empty()) log::write(log::Level::Warning, {}, text + names(processes));
}

}  // namespace

Strays::Strays(uv_loop_t* loop, const Vault& vault, bool is_service)
    : vault_(vault), is_service_(is_service), look_again_(loop, [] {}) {
  for (const auto& child : os::living_children()) not_ours_.insert(child.pid);
}

void Strays::spare_all_there_is() {
  if (!is_service_) return;
  for (const auto& one : os::service_processes()) not_ours_.insert(one.pid);
}

std::set<os::Pid> Strays::not_ours() const {
  auto all = not_ours_;
  const auto keeper = vault_.has_keeper() ? vault_.keeper()->process() : std::nullopt;
  if (keeper) all.insert(*keeper);
  return all;
}

std::vector<os::ChildProcess> Strays::find() const {
  auto found = os::living_children();
  for (auto& one : is_service_ ? os::service_processes() : std::vector<os::ChildProcess>()) {
    const bool is_child = std::any_of(found.begin(), found.end(),
                                      [&](const auto& child) { return child.pid == one.pid; });
    if (!is_child && one.pid != os::own_pid()) found.push_back(std::move(one));
  }
  const auto left_alone = not_ours();
  std::erase_if(found, [&](const auto& one) { return left_alone.contains(one.pid); });
  return found;
}

// That of a child is its own until it is reaped.
os::Result<void> Strays::signal(os::Pid stray, os::Signal signal) const {
  const auto children = os::living_children();
  const bool is_child = std::any_of(children.begin(), children.end(),
                                    [&](const auto& child) { return child.pid == stray; });
  return is_child ? os::signal_child(stray, signal) : os::signal_in_service(stray, signal);
}

bool Strays::are_gone(std::chrono::milliseconds kill_timeout) {
  const Time now = os::monotonic_now();
  if (begun_ == Time{0}) {
    begun_ = now;
    look_again_.start(look_period_ms, look_period_ms);
  }
  auto strays = find();
  // Whoever died while the list was made left its own children to us: it is whole when nobody did.
  while (strays.empty() && os::reap_one()) strays = find();
  if (strays.empty()) return true;

  if (now < begun_ + moment) return false;
  // From when they were asked, not from when they were to be: a master that got no time meanwhile
  // would else give up whom it has not killed.
  if (asked_ == Time{0}) asked_ = now;
  if (now < asked_ + kill_timeout) {
    press(strays, Stage::Asked);
    return false;
  }
  if (press(strays, Stage::Killed) && ++kills_ <= most_kills) killed_ = now;
  if (now < killed_ + kill_timeout) return false;
  warn("processes that the application left running do not die: ", strays);
  return true;
}

// Each gets each signal once. Whether anybody got it now.
bool Strays::press(const std::vector<os::ChildProcess>& strays, Stage stage) {
  std::vector<os::ChildProcess> pressed;
  std::map<os::Pid, Stage> stages;
  for (const auto& stray : strays) {
    const auto known = stages_.find(stray.pid);
    stages[stray.pid] = stage;
    if (known != stages_.end() && known->second == stage) continue;
    pressed.push_back(stray);
    const auto signal = stage == Stage::Asked ? os::Signal::Term : os::Signal::Kill;
    if (auto sent = this->signal(stray.pid, signal); !sent && sent.error().code != ESRCH) {
      log::write(log::Level::Error, {}, sent.error().text);
    }
  }
  stages_ = std::move(stages);
  warn(stage == Stage::Asked ? "ending what the application left running: "
                             : "killing what the application left running: ",
       pressed);
  return !pressed.empty();
}

}  // namespace hupd::master
