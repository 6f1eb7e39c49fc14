// The state of an app in words and numbers, for control clients. All of it is in memory.
#include <algorithm>

#include "core/rules.hpp"
#include "image/core_words.hpp"
#include "master/supervisor.hpp"
#include "os/clock.hpp"

namespace hupd::master {

namespace {

// Those that are a single app's: a fault of the configuration is counted once for all.
constexpr control::Outcome counted_outcomes[] = {control::Outcome::Done, control::Outcome::Rejected,
                                                 control::Outcome::Unchanged};

std::uint64_t milliseconds(core::Duration duration) {
  return static_cast<std::uint64_t>(std::max(duration, core::Duration{0}).count());
}

control::WorkerStatus worker_status(const core::Worker& worker, const Generation* made,
                                    const Processes& processes, core::Time now) {
  control::WorkerStatus status;
  status.slot = worker.slot;
  status.state = json::word(worker.state);
  if (worker.serving_since != core::never) status.age_ms = milliseconds(now - worker.serving_since);
  if (made == nullptr) return status;
  const auto found = made->workers.find(worker.id);
  if (found == made->workers.end()) return status;
  const auto& page = processes.page_of(found->second);
  status.pid = static_cast<std::uint32_t>(found->second.child->pid());
  status.connections = page.connections.load(std::memory_order_relaxed);
  status.counts = counts_of(page);
  status.unwell = found->second.unwell;
  return status;
}

std::vector<control::BackoffStatus> backoff_of(const core::Generation& generation, core::Time now) {
  std::vector<control::BackoffStatus> waiting;
  for (const auto& slot : generation.slots) {
    const bool waits = slot.worker == 0 && slot.retry_at > now;
    if (!waits && !core::rules::is_degraded(slot.failures)) continue;
    waiting.push_back({slot.number, slot.failures, core::rules::is_degraded(slot.failures),
                       waits ? milliseconds(slot.retry_at - now) : 0});
  }
  return waiting;
}

control::Reload told(control::Reload reload, const Chronicle& chronicle) {
  reload.age_ms = chronicle.age(reload);
  return reload;
}

}  // namespace

control::GenerationStatus Supervisor::status_of(const core::Generation& generation,
                                                core::Time now) const {
  const auto* made = processes_.find(generation.id);
  control::GenerationStatus status;
  status.generation = generation.id;
  status.state = json::word(generation.state);
  status.zygote = json::word(generation.zygote.state);
  status.backoff = backoff_of(generation, now);
  if (generation.probation == core::Probation::Running) {
    status.probation_left_ms = milliseconds(generation.deadline - now);
  }
  if (generation.state == core::GenerationState::Canary && generation.deadline != core::never) {
    status.canary_left_ms = milliseconds(generation.deadline - now);
  }
  if (made != nullptr) {
    status.version = made->version;
    status.hash = made->hash;
    status.library = made->app.library;
    status.counts = made->counts;
    if (made->source != 0) status.source = made->source;
    status.zygote_pid = made->zygote ? static_cast<std::uint32_t>(made->zygote->pid()) : 0;
  }
  const auto& chronicle = shared_.news.chronicle();
  if (const auto* reload = chronicle.find(name_, generation.id)) {
    status.age_ms = chronicle.age(*reload);
    const auto copied_ms = reload->copied_ms.value_or(0);
    if (reload->loaded_ms >= copied_ms) status.preload_ms = *reload->loaded_ms - copied_ms;
  }
  for (const auto& worker : generation.workers) {
    auto one = worker_status(worker, made, processes_, now);
    const auto restarts = restarts_.find(worker.slot);
    const bool is_counted = generation.id == served_ && restarts != restarts_.end();
    if (is_counted) one.restarts = restarts->second;
    status.workers.push_back(std::move(one));
  }
  std::sort(status.workers.begin(), status.workers.end(),
            [](const auto& a, const auto& b) { return a.slot < b.slot; });
  return status;
}

control::AppStatus Supervisor::status() {
  processes_.count();
  const auto now = os::monotonic_now();
  control::AppStatus app;
  app.app = name_;
  app.state = json::word(state_.phase);
  app.reload_waits = state_.reload_wanted;
  app.lost = lost_;
  app.probations_failed = probations_failed_;
  app.counts = processes_.counts();
  for (const auto outcome : counted_outcomes) app.reloads.push_back({outcome, outcomes_[outcome]});
  const auto& chronicle = shared_.news.chronicle();
  if (const auto* last = chronicle.last(name_)) app.last_reload = told(*last, chronicle);
  const auto* ended = chronicle.last_ended(name_);
  if (ended != nullptr && ended != chronicle.last(name_)) app.last_ended = told(*ended, chronicle);
  for (const auto& generation : state_.generations) {
    app.generations.push_back(status_of(generation, now));
    if (generation.state != core::GenerationState::Serving) continue;
    app.serving = generation.id;
    app.workers = generation.target;
    const auto* made = processes_.find(generation.id);
    if (made == nullptr) continue;
    for (const auto& listener : made->listeners) {
      app.listeners.push_back(os::local_address(listener->fd()));
    }
  }
  return app;
}

}  // namespace hupd::master
