// The supervisor's hands: what each order of the core means.
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
  auto prepared = action.source == 0 ? prepare_deployed(action.generation)
                                     : prepare_kept(action.generation, action.source);
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
  if (g->id == served_) {
    log::write(log::Level::Warning, {.app = name_, .gen = g->id},
               "its zygote is gone; started again from the private copy");
  }
  const auto started = processes_.start_zygote(*g);
  if (started) return;
  post(core::ZygoteFailed{action.generation, started.error().text});
  post(core::ZygoteExited{action.generation, {false, started.error().text}});
}

void Supervisor::carry_out(const core::TakeUpZygote& action) {
  auto* g = processes_.find(action.generation);
  auto* source = processes_.find(action.source);
  if (g != nullptr && source != nullptr) processes_.take_up_zygote(*g, *source);
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
  w->hands_over = processes_.generation_of(action.worker)->app.handover.balance != 0;
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
  w->hands_over = w->hands_over || !stopping;
  w->successors = stopping ? 0 : current_;
  w->legacies_due = stopping ? 0 : 2;
  w->child->send(
      wire::Drain{.hand_over = !stopping, .is_last = stopping, .successors = w->successors});
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

}  // namespace hupd::master
