// What the supervisor makes of the core's news: the word goes out, and what depends on the outcome
// of a reload follows.
#include "log/logger.hpp"
#include "master/supervisor.hpp"

namespace hupd::master {

void Supervisor::carry_out(const core::CanaryServes& news) {
  shared_.news.canary_serves(name_, news);
}

void Supervisor::carry_out(const core::Switched& news) {
  log::write(log::Level::Info, {.app = name_, .gen = news.generation}, "accepting");
  auto& chronicle = shared_.news.chronicle();
  chronicle.switched(name_, news.generation);
  const auto leaving = progress_.switched(state_, news.generation, served_);
  if (leaving == 0) chronicle.drained(name_, news.generation, 0, 0);
}

void Supervisor::carry_out(const core::ReloadDone& news) {
  served_ = news.generation;
  restarts_.clear();
  ++outcomes_[control::Outcome::Done];
  const auto& done = *processes_.find(news.generation);
  shared_.listeners.adjust(done.app, done.listeners);
  if (done.source == 0) shared_.reload_done(*done.settings);  // the master's part goes on
  shared_.news.reload_done(done);
}

void Supervisor::carry_out(const core::ReloadRejected& news) {
  progress_.rejected(news.generation);
  const auto* g = processes_.find(news.generation);
  if (g != nullptr) shared_.news.chronicle().know(*g);
  if (g != nullptr && g->unchanged) {
    ++outcomes_[control::Outcome::Unchanged];
    return shared_.news.reload_unneeded(name_, g->id);
  }
  if (state_.phase == core::AppPhase::Stopping &&
      state_.outcome == core::StopOutcome::Asked) {  // nobody's fault
    shared_.news.chronicle().rejected(name_, news.generation, news.reason, {});
    return log::write(log::Level::Info, {.app = name_, .gen = news.generation}, news.reason);
  }
  ++outcomes_[control::Outcome::Rejected];
  std::string reason = news.reason;
  std::vector<std::string> output;
  if (g != nullptr) {
    misconfigured_ = g->unfit;
    if (reason.find(g->app.library) == std::string::npos) {
      reason += "; library " + g->app.library;
    }
    output = g->last_lines;
  }
  shared_.news.reload_rejected(name_, news.generation, reason, output);
  tell_if_no_way_is_left(news.generation);
}

// The state is that after all that follows from the rejection.
void Supervisor::tell_if_no_way_is_left(core::GenerationId rejected) {
  const auto* serving = core::find_serving(state_);
  const bool has_failed = serving != nullptr && serving->probation == core::Probation::Answered;
  if (!has_failed || is_reloading()) return;
  shared_.news.chronicle().way_back_closed(name_, rejected);
  log::write(log::Level::Error, {.app = name_, .gen = serving->id},
             "serves on although it failed its probation, since the way back failed, too: deploy a "
             "version that is well, or see 'hupd status' for what there is to go back to");
}

void Supervisor::carry_out(const core::ReloadHeldBack& news) {
  shared_.news.reload_held_back(name_, news);
}

void Supervisor::carry_out(const core::ReloadStarted& news) {
  shared_.news.reload_started(name_, news);
}

void Supervisor::carry_out(const core::ReloadDropped& news) {
  wanted_.reset();
  ++outcomes_[control::Outcome::Rejected];
  shared_.news.reload_started(name_, {news.generation, 0, false});
  shared_.news.reload_rejected(name_, news.generation, news.reason);
}

void Supervisor::carry_out(const core::ProbationBegan& news) {
  shared_.news.probation_began(name_, news);
}

void Supervisor::carry_out(const core::ProbationPassed& news) {
  shared_.news.probation_passed(name_, news.generation);
}

void Supervisor::carry_out(const core::ProbationFailed& news) {
  ++probations_failed_;
  if (const auto* g = processes_.find(news.generation)) {
    condemn({g->hash, g->app.plan, news.reason});
  }
  shared_.news.probation_failed(name_, news);
}

void Supervisor::carry_out(const core::WorkerRelieved& news) {
  if (auto* w = processes_.worker(news.worker)) {
    log::write(log::Level::Info, w->child->name().subject(), "relieved");
  }
}

void Supervisor::carry_out(const core::WorkerLost& news) {
  ++restarts_[news.slot];
  ++lost_;
  const auto known = ended_.find(news.worker);
  const bool has_ended = known != ended_.end();
  shared_.news.worker_lost(
      has_ended ? known->second.name : ChildName{name_, news.generation, news.slot, 0}, news,
      has_ended ? known->second.how : "", has_ended ? known->second.with() : "");
  if (has_ended) ended_.erase(known);
}

void Supervisor::carry_out(const core::DrainOverdue& news) {
  if (auto* w = processes_.worker(news.worker)) {
    log::write(log::Level::Warning, w->child->name().subject(),
               "still busy after drain_timeout: its connections are cut");
  }
}

void Supervisor::carry_out(const core::Unkillable& news) {
  const auto* g = processes_.find(news.generation);
  const auto* w = processes_.worker(news.worker);
  const auto* child = w != nullptr ? w->child.get() : g != nullptr ? g->zygote.get() : nullptr;
  if (child != nullptr) {
    log::write(log::Level::Error, child->name().subject(),
               "does not die of SIGKILL (stuck in the kernel?); tried again");
  }
}

void Supervisor::carry_out(const core::Stopped& news) { stopped_ = news.outcome; }

}  // namespace hupd::master
