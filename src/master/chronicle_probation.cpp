// What became of those that were done and had to prove themselves.
#include <algorithm>

#include "master/chronicle.hpp"

namespace hupd::master {

void Chronicle::unchanged(const std::string& app, core::GenerationId id) {
  if (auto* reload = known(app, id)) {
    reload->outcome = control::Outcome::Unchanged;
    reload->ended_ms = age(*reload);
  }
  tell({.step = control::Step::Unchanged, .app = app, .generation = id});
}

void Chronicle::probation_began(const std::string& app, core::GenerationId id,
                                const std::string& text) {
  if (auto* reload = known(app, id)) reload->probation = true;
  tell({.step = control::Step::Probation, .app = app, .generation = id, .reason = text});
}

void Chronicle::probation_passed(const std::string& app, core::GenerationId id) {
  if (auto* reload = known(app, id)) reload->probation = false;
  tell({.step = control::Step::ProbationPassed, .app = app, .generation = id});
}

// The outcome is known when the way back has come to its end.
void Chronicle::probation_failed(const std::string& app, core::GenerationId id,
                                 const std::string& reason) {
  if (auto* reload = known(app, id)) reload->reason = reason;
  tell({.step = control::Step::ProbationFailed, .app = app, .generation = id, .reason = reason});
}

void Chronicle::way_back_closed(const std::string& app, core::GenerationId last) {
  settle_probation(app, last, Way::Closed);
}

void Chronicle::settle_probation(const std::string& app, core::GenerationId other, Way way) {
  const std::string who = "generation " + std::to_string(other);
  for (auto& reload : reloads_) {
    if (reload.app != app || !reload.probation || reload.generation == other) continue;
    const bool has_failed = reload.reason.has_value();
    if (!has_failed && way == Way::Closed) continue;
    reload.probation = false;
    if (!has_failed && way == Way::Forward) continue;
    const std::string why = reload.reason.value_or("a rollback was asked for");
    reload.outcome = way == Way::Back ? control::Outcome::RolledBack : control::Outcome::Failed;
    switch (way) {
      case Way::Back:
        reload.reason = why + "; the version from before serves again, as " + who;
        break;
      case Way::Forward:
        reload.reason = why + "; " + who + " serves instead";
        break;
      case Way::Closed:
        reload.reason = why + "; it serves on, since the way back was rejected (" + who + ")";
        break;
    }
    const auto step = way == Way::Back ? control::Step::RolledBack : control::Step::ProbationFailed;
    tell({.step = step, .app = app, .generation = reload.generation, .reason = reload.reason});
  }
}

}  // namespace hupd::master
