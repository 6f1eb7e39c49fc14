// The supervisor's hands: what each decision of the core means.
#include <algorithm>

#include "log/logger.hpp"
#include "master/policy.hpp"
#include "master/supervisor.hpp"
#include "wire/codec.hpp"

namespace hupd::master {

namespace {

std::vector<std::string> addresses_only_in(const ListenerSet& a, const ListenerSet& b) {
  std::vector<std::string> only;
  for (const auto& listener : a) {
    if (listener->is_inherited()) continue;  // its queue stays the service manager's
    if (std::find(b.begin(), b.end(), listener) == b.end()) only.push_back(listener->address());
  }
  return only;
}

}  // namespace

void Supervisor::carry_out(const core::Prepare& action) {
  auto prepared = prepare(action.generation);
  misconfigured_ = !prepared;
  if (!prepared) return post(core::PrepareFailed{action.generation, prepared.error().text});
  const auto policy = policy_of(prepared->app);
  kill_timeout_ = policy.kill_timeout;
  processes_.add(std::move(*prepared));
  post(core::Prepared{action.generation, policy});
}

void Supervisor::carry_out(const core::StartZygote& action) {
  auto* g = processes_.find(action.generation);
  if (g == nullptr) return;
  if (!g->copy.empty()) {
    log::write(log::Level::Warning, {.app = name_, .gen = g->id},
               "its zygote is gone; started again from the private copy");
  }
  const auto started = processes_.start_zygote(*g);
  if (started) return;
  post(core::ZygoteFailed{action.generation, started.error().text});
  post(core::ZygoteExited{action.generation, {false, started.error().text}});
}

void Supervisor::carry_out(const core::RetireZygote& action) {
  auto* g = processes_.find(action.generation);
  if (g != nullptr && g->zygote) g->zygote->send(wire::Leave{});
}

void Supervisor::carry_out(const core::KillZygote& action) {
  auto* g = processes_.find(action.generation);
  if (g != nullptr && g->zygote) g->zygote->signal(os::Signal::Kill);
}

void Supervisor::carry_out(const core::ForkWorker& action) {
  auto* g = processes_.find(action.generation);
  if (g == nullptr) return;
  processes_.fork_worker(*g, action.worker, action.slot);
}

void Supervisor::carry_out(const core::Accept& action) {
  auto* w = processes_.worker(action.worker);
  if (w == nullptr) return;
  current_ = std::max(current_, processes_.generation_of(action.worker)->id);
  w->child->send(wire::Accept{});
}

void Supervisor::carry_out(const core::Drain& action) {
  auto* w = processes_.worker(action.worker);
  const auto* current = processes_.find(current_);
  if (w == nullptr) return;
  const auto& own = *processes_.generation_of(action.worker);
  static const ListenerSet none;
  const bool stopping = state_.phase == core::AppPhase::Stopping;
  const auto removed =
      addresses_only_in(own.listeners, stopping || current == nullptr ? none : current->listeners);
  log::write(log::Level::Info, w->child->name().subject(), "draining");
  for (const auto& piece : wire::in_pieces(removed)) {
    w->child->send(wire::Removed{{piece.begin(), piece.end()}});
  }
  w->child->send(wire::Drain{});
}

void Supervisor::carry_out(const core::Quit& action) {
  if (auto* w = processes_.worker(action.worker)) w->child->send(wire::Quit{});
}

void Supervisor::carry_out(const core::Abort& action) {
  if (auto* w = processes_.worker(action.worker)) w->child->signal(os::Signal::Abort);
}

void Supervisor::carry_out(const core::Kill& action) {
  if (auto* w = processes_.worker(action.worker)) processes_.kill(*w);
}

void Supervisor::carry_out(const core::Forget& action) { processes_.forget(action.generation); }

void Supervisor::carry_out(const core::Switched& news) {
  log::write(log::Level::Info, {.app = name_, .gen = news.generation}, "accepting");
}

void Supervisor::carry_out(const core::ReloadDone& news) {
  served_ = news.generation;
  const auto& done = *processes_.find(news.generation);
  shared_.listeners.adjust(done.app, done.listeners);
  shared_.reload_done(*done.settings);
  shared_.news.reload_done(done);
}

void Supervisor::carry_out(const core::ReloadRejected& news) {
  current_ = served_;
  if (state_.phase == core::AppPhase::Stopping &&
      state_.outcome == core::StopOutcome::Asked) {  // nobody's fault
    return log::write(log::Level::Info, {.app = name_, .gen = news.generation}, news.reason);
  }
  std::string reason = news.reason;
  if (const auto* g = processes_.find(news.generation)) {
    misconfigured_ = g->unfit;
    if (reason.find(g->app.library) == std::string::npos) {
      reason += "; library " + g->app.library;
    }
    if (!g->last_words.empty()) reason += "; its last output: " + g->last_words;
  }
  shared_.news.reload_rejected(name_, news.generation, reason);
}

void Supervisor::carry_out(const core::ReloadHeldBack& news) {
  shared_.news.reload_held_back(name_, news);
}

void Supervisor::carry_out(const core::ReloadStarted& news) {
  shared_.news.reload_started(name_, news.generation);
}

void Supervisor::carry_out(const core::WorkerLost& news) {
  const auto known = ended_.find(news.worker);
  const bool has_ended = known != ended_.end();
  shared_.news.worker_lost(
      has_ended ? known->second.name : ChildName{name_, news.generation, news.slot, 0}, news,
      has_ended ? known->second.how : "");
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
