// The supervisor's hands: what each order of the core means.
#include <algorithm>

#include "log/logger.hpp"
#include "master/policy.hpp"
#include "master/supervisor.hpp"

namespace hupd::master {

namespace {

std::vector<std::string> addresses_only_in(const ListenerSet& a, const ListenerSet& b) {
  std::vector<std::string> only;
  for (const auto& listener : a) {
    if (std::find(b.begin(), b.end(), listener) == b.end()) only.push_back(listener->address());
  }
  return only;
}

}  // namespace

void Supervisor::carry_out(const core::Prepare& action) {
  auto prepared = prepare(action.generation);
  prepare_failed_ = !prepared;
  if (!prepared) return post(core::PrepareFailed{action.generation, prepared.error().text});
  const auto policy = policy_of(prepared->app);
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
  wire::Drain order;
  if (current != nullptr && current->id != own.id) {
    order.removed = addresses_only_in(own.listeners, current->listeners);
  }
  log::write(log::Level::Info, w->child->name().subject(), "draining");
  w->child->send(order);
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
