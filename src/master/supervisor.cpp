#include "master/supervisor.hpp"

#include <algorithm>

#include "log/logger.hpp"
#include "os/clock.hpp"

namespace hupd::master {

Supervisor::Supervisor(Shared& shared, std::string name, Board board, std::uint64_t seed)
    : shared_(shared),
      name_(std::move(name)),
      board_(std::move(board)),
      deadline_(shared.loop, [this] { post(core::Tick{}); }) {
  state_.random = seed;
}

void Supervisor::settle() {
  give_up_unborn();
  while (!events_.empty()) {
    const core::Event event = std::move(events_.front());
    events_.pop_front();
    for (const auto& action : core::step(state_, event, os::monotonic_now())) {
      std::visit([this](const auto& a) { carry_out(a); }, action);
    }
    give_up_unborn();
  }
  names_of_ended_.clear();
  arm_timer();
}

void Supervisor::arm_timer() {
  const auto deadline = core::next_deadline(state_);
  if (!deadline) return deadline_.stop();
  uv_update_time(shared_.loop);
  const auto left = std::max(*deadline - os::monotonic_now(), core::Duration(0));
  deadline_.start(static_cast<std::uint64_t>(left.count()));
}

void Supervisor::catch_up() {
  for (auto& [id, generation] : generations_) {
    if (generation.zygote) generation.zygote->catch_up();
  }
  for (auto& [id, generation] : generations_) {
    for (auto& [worker_id, process] : generation.workers) process.child->catch_up();
  }
}

bool Supervisor::exited(const os::Reaped& reaped) {
  const core::Exit exit{reaped.clean, reaped.described};
  for (auto& [id, generation] : generations_) {
    if (generation.zygote && generation.zygote->pid() == reaped.pid) {
      generation.zygote->catch_up();
      note_failure(generation, *generation.zygote);
      generation.zygote.reset();
      post(core::ZygoteExited{id, exit});
      return true;
    }
    for (auto& [worker_id, process] : generation.workers) {
      if (process.child->pid() != reaped.pid) continue;
      process.child->catch_up();
      note_failure(generation, *process.child);
      post(core::WorkerExited{worker_id, exit});
      ended(generation, process, reaped);
      return true;
    }
  }
  return false;
}

void Supervisor::look_for_stalls() {
  std::vector<core::Heartbeat> beats;
  for (const auto& [gen, generation] : generations_) {
    for (const auto& [id, process] : generation.workers) {
      const auto& page = board_.page(process.page);
      if (page.phase.load(std::memory_order_relaxed) != wire::Phase::Accepting) continue;
      beats.push_back({id, page.heartbeat_ns.load(std::memory_order_relaxed)});
    }
  }
  if (const auto* current = generation(current_))
    stalls_.stall_timeout = current->app.stall_timeout;
  for (const auto id : core::look(stalls_, beats, os::monotonic_now())) {
    log::write(log::Level::Error, worker(id)->child->name().subject(),
               "stalled: no heartbeat for stall_timeout");
    post(core::WorkerStalled{id});
  }
}

Generation* Supervisor::generation(Gen id) {
  const auto found = generations_.find(id);
  return found == generations_.end() ? nullptr : &found->second;
}

Generation* Supervisor::generation_of(Id id) {
  for (auto& [gen, generation] : generations_) {
    if (generation.workers.contains(id)) return &generation;
  }
  return nullptr;
}

WorkerProcess* Supervisor::worker(Id id) {
  auto* generation = generation_of(id);
  return generation == nullptr ? nullptr : &generation->workers.at(id);
}

}  // namespace hupd::master
