// The processes of an app after the death of the master that had them.
#include <algorithm>

#include "master/processes.hpp"

namespace hupd::master {

namespace {

const core::Exit with_master{false, "the death of its master", true};
const core::Exit never_born{false, "the death of its master, before it was born", true};

bool has_process(core::ZygoteState state) {
  return state != core::ZygoteState::None && state != core::ZygoteState::Waiting;
}

}  // namespace

// Its zygotes have gone with it, and what they were asked for will not be.
void Processes::adopt() {
  for (auto& [id, generation] : generations_) {
    generation.waiting.clear();
    generation.being_forked = 0;
    generation.zygote.reset();
    for (auto& [worker_id, process] : generation.workers) {
      process.is_worn = false;  // what it had said of itself it says again
      process.unwell.reset();
      process.child->adopt(loop_, self_.get(), hears_exit_of_adopted(worker_id));
    }
  }
}

void Processes::tell_lost(const core::AppState& state) {
  for (const auto& wanted : state.generations) {
    const auto* generation = find(wanted.id);
    const bool has_zygote = generation != nullptr && generation->zygote;
    if (has_process(wanted.zygote.state) && !has_zygote) {
      post_(core::ZygoteExited{wanted.id, with_master});
    }
    for (const auto& one : wanted.workers) tell_found(one.id);
  }
  forget_unknown(state);
}

// What it has said to nobody, its page says.
void Processes::tell_found(core::WorkerId id) {
  auto* process = worker(id);
  if (process == nullptr) return post_(core::WorkerExited{id, never_born});
  if (!process->child->is_born()) {
    post_(core::WorkerExited{id, never_born});
    return remove(*generation_of(id), *process, never_born.described, false);
  }
  if (!process->child->is_adopted()) return end_unseen(*process);
  post_(core::WorkerForked{id});
  const auto phase = page_of(*process).phase.load(std::memory_order_relaxed);
  if (phase == wire::Phase::Standby) post_(core::WorkerReady{id});
}

// Those that were made after the checkpoint's decision to forget them, and before it was done.
void Processes::forget_unknown(const core::AppState& state) {
  std::erase_if(generations_, [&](const auto& entry) {
    return std::none_of(state.generations.begin(), state.generations.end(),
                        [&](const auto& known) { return known.id == entry.first; });
  });
}

loop::Callback Processes::hears_exit_of_adopted(core::WorkerId id) {
  return [this, id] { adopted_ended_.push_back(id); };
}

void Processes::end_adopted() {
  for (const auto id : std::exchange(adopted_ended_, {})) {
    if (auto* process = worker(id)) end_unseen(*process);
  }
}

// It was another master's child, which alone could have known how it ended.
void Processes::end_unseen(WorkerProcess& process) {
  process.child->catch_up();
  const bool well = process.has_left;
  exited({process.child->pid(), well,
          well ? "an orderly leave" : "unknown status, which only its first master could know"});
}

void Processes::tell_ended() {
  end_adopted();
  give_up_unborn();
}

}  // namespace hupd::master
