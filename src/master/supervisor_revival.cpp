// An app after the death of the master that had it.
#include "master/supervisor.hpp"

namespace hupd::master {

// Orders that may not have been given are given again: each is obeyed once.
void Supervisor::revive() {
  processes_.revive(state_);
  for (const auto& generation : state_.generations) {
    for (const auto& worker : generation.workers) {
      const auto* process = processes_.worker(worker.id);
      if (process == nullptr) continue;
      const auto phase = processes_.page_of(*process).phase.load(std::memory_order_relaxed);
      const bool drains = phase == wire::Phase::Draining;
      if (worker.state == core::WorkerState::Serving && phase == wire::Phase::Standby) {
        carry_out(core::Accept{worker.id});
      }
      if (worker.state == core::WorkerState::Draining && !drains) carry_out(core::Drain{worker.id});
      if (worker.state == core::WorkerState::Quitting) carry_out(core::Quit{worker.id});
      if (worker.state == core::WorkerState::Killed) carry_out(core::Kill{worker.id});
    }
  }
  const auto* serving = core::find_serving(state_);
  if (serving != nullptr && serving->id != served_) carry_out(core::ReloadDone{serving->id});
  // A number may have been given away after the checkpoint, and a directory is named after it.
  ++state_.last_generation;
}

}  // namespace hupd::master
