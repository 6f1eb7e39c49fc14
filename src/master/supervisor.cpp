#include "master/supervisor.hpp"

#include <algorithm>
#include <utility>

#include "core/find.hpp"
#include "log/logger.hpp"
#include "os/clock.hpp"

namespace hupd::master {

namespace {

bool changes_who_serves(const core::Action& action) {
  return std::holds_alternative<core::Accept>(action) ||
         std::holds_alternative<core::Drain>(action);
}

}  // namespace

Supervisor::Supervisor(Shared& shared, std::string name, Common common, image::Key key)
    : shared_(shared),
      key_(key),
      name_(std::move(name)),
      processes_(shared.loop, shared.vault, name_, std::move(common),
                 [this](core::Event event) { post(std::move(event)); }),
      deadline_(shared.loop, [this] {
        // After a pause of the master's own, what came in time is told before the time is up.
        processes_.catch_up();
        for (const auto id : processes_.without_room()) post(core::WorkerHasNoRoom{id});
        post(core::Tick{});
      }) {}

Supervisor::Supervisor(Shared& shared, std::string name, Common common, std::uint64_t seed,
                       core::GenerationId last_generation)
    : Supervisor(shared, std::move(name), std::move(common), shared.vault.new_key()) {
  state_.random = seed;
  state_.last_generation = last_generation;
  processes_.common().keep(shared_.vault, key_);
}

bool Supervisor::is_ending() const {
  return state_.phase == core::AppPhase::Stopping || state_.phase == core::AppPhase::Stopped;
}

const config::App* Supervisor::serves() const {
  const auto* generation = processes_.find(served_);
  return generation == nullptr ? nullptr : &generation->app;
}

void Supervisor::settle() {
  processes_.tell_ended();
  while (!events_.empty()) {
    const core::Event event = std::move(events_.front());
    events_.pop_front();
    ended_.merge(processes_.take_ended());
    if (const auto* failed = std::get_if<core::ZygoteFailed>(&event)) report_zygote(*failed);
    auto actions = core::step(state_, event, os::monotonic_now());
    const bool is_decisive = std::any_of(actions.begin(), actions.end(), changes_who_serves);
    unfinished_.assign(std::move_iterator(actions.begin()), std::move_iterator(actions.end()));
    know_current();
    progress_.look(state_, processes_, name_, shared_.news.chronicle());
    if (is_decisive) shared_.checkpoint();
    shared_.has_changed = true;
    carry_out_unfinished();
    processes_.tell_ended();
  }
  if (is_ending()) {
    processes_.end_handover();
    processes_.legacies().clear();
  } else {
    processes_.legacies().settle(processes_, state_, current_, os::monotonic_now());
  }
  // Not when the app alone is taken away: its clients are to notice nothing.
  if (is_ending() && shared_.news.is_stopping()) tell_stopping();
  progress_.look(state_, processes_, name_, shared_.news.chronicle());  // what is no event
  release_listeners();
  report_ended();
  arm_timer();
}

// In order. A checkpoint that is made meanwhile has what is left to do.
void Supervisor::carry_out_unfinished() {
  while (!unfinished_.empty()) {
    const core::Action action = std::move(unfinished_.front());
    unfinished_.pop_front();
    std::visit([this](const auto& a) { carry_out(a); }, action);
  }
}

// Before anybody is told to hand over.
void Supervisor::know_current() {
  const auto taking = core::find_taking(state_);
  if (taking == 0 || taking == current_) return;  // at a stop it stays what it was
  current_ = taking;
  processes_.set_taking(current_);
}

// Of whatever is superseded, rejected or stopped.
void Supervisor::release_listeners() {
  for (const auto& g : state_.generations) {
    const bool is_superseded =
        g.state == core::GenerationState::Retiring || g.state == core::GenerationState::Parked;
    if (!is_superseded) continue;
    if (auto* made = processes_.find(g.id)) made->release_listeners();
  }
}

// Also those that drain already and wait for a last request on each connection.
void Supervisor::tell_stopping() {
  if (std::exchange(told_stopping_, true)) return;
  for (auto& [id, generation] : processes_.generations()) {
    for (auto& [worker_id, process] : generation.workers) process.child->send(wire::Stopping{});
  }
}

// Those that the core has lost nothing with.
void Supervisor::report_ended() {
  for (const auto& [id, ended] : std::exchange(ended_, {})) {
    log::write(ended.well ? log::Level::Info : log::Level::Warning, ended.name.subject(),
               "ended: " + ended.how + ended.with());
  }
}

// Of one in flight the rejection tells it.
void Supervisor::report_zygote(const core::ZygoteFailed& failed) const {
  if (failed.generation != served_) return;
  log::write(log::Level::Error, {.app = name_, .gen = failed.generation},
             "its zygote cannot be started again: " + failed.reason +
                 "; until it can, workers that are lost are not replaced: deploy again");
}

void Supervisor::arm_timer() {
  auto deadline = core::next_deadline(state_);
  const auto legacies = processes_.legacies().next_deadline();
  if (legacies) deadline = deadline ? std::min(*deadline, *legacies) : legacies;
  if (!deadline) return deadline_.stop();
  uv_update_time(shared_.loop);
  const auto left = std::max(*deadline - os::monotonic_now(), core::Duration(0));
  deadline_.start(static_cast<std::uint64_t>(left.count()));
}

void Supervisor::look_for_stalls() {
  for (const auto id : core::look(stalls_, processes_.heartbeats(), os::monotonic_now())) {
    log::write(log::Level::Error, processes_.worker(id)->child->name().subject(),
               "stalled: no heartbeat for stall_timeout");
    post(core::WorkerStalled{id});
  }
}

}  // namespace hupd::master
