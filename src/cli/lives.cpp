#include "cli/lives.hpp"

#include <algorithm>

namespace hupd::cli {
namespace {

using control::Outcome;
using control::Reload;

bool has_life(const Reload& reload, const std::string& app) {
  return reload.app == app && reload.generation != 0 && reload.age_ms &&
         reload.outcome != Outcome::Refused && reload.outcome != Outcome::Unchanged;
}

// From here on it was the one. With a surge, one that is rejected after its switch served beside
// the old workers for a while, as a canary does.
bool took_over(const Reload& reload) {
  return reload.switched_ms && reload.outcome != Outcome::Rejected;
}

std::optional<Ago> ago(const Reload& reload, const std::optional<std::uint64_t>& step) {
  if (!step) return std::nullopt;
  return *reload.age_ms - std::min(*step, *reload.age_ms);
}

// The moments of one life in order; those that did not come are nothing.
struct Moments {
  Ago start;
  std::optional<Ago> canary, switched, superseded, end;
};

std::vector<Lived> phases_of(const Moments& m) {
  std::vector<Lived> phases = {{Phase::Starts, m.start, {}}};
  const auto next = [&phases](Phase phase, const std::optional<Ago>& from) {
    if (!from) return;
    phases.back().to = *from;
    phases.push_back({phase, *from, {}});
  };
  next(Phase::Canary, m.canary);
  next(Phase::Serves, m.switched);
  next(Phase::Drains, m.superseded);
  phases.back().to = m.end;
  return phases;
}

Life life_of(const Reload& reload, const Reload* follower) {
  Moments m{*reload.age_ms, ago(reload, reload.canary_ms), {}, {}, {}};
  if (took_over(reload)) {
    m.switched = ago(reload, reload.switched_ms);
    m.end = ago(reload, reload.gone_ms);
  } else {
    if (!m.canary) m.canary = ago(reload, reload.switched_ms);
    m.end = ago(reload, reload.ended_ms);
  }
  if (took_over(reload) && follower != nullptr) {
    m.superseded = ago(*follower, follower->switched_ms);
    m.end = ago(*follower, follower->drained_ms);
  }
  return {reload.generation, reload.outcome == Outcome::Rejected, phases_of(m)};
}

}  // namespace

const Lived* Life::find(Phase phase) const {
  const auto found = std::find_if(phases.begin(), phases.end(),
                                  [phase](const Lived& one) { return one.phase == phase; });
  return found == phases.end() ? nullptr : &*found;
}

std::vector<Life> lives_of(const control::History& history, const std::string& app) {
  std::vector<Life> lives;
  const Reload* follower = nullptr;
  for (auto one = history.reloads.rbegin(); one != history.reloads.rend(); ++one) {
    if (!has_life(*one, app)) continue;
    lives.push_back(life_of(*one, one->gone_ms ? nullptr : follower));
    if (took_over(*one)) follower = &*one;
  }
  std::reverse(lives.begin(), lives.end());
  return lives;
}

}  // namespace hupd::cli
