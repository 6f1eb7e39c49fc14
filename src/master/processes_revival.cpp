// The processes of an app after the death of the master that had them.
#include "log/logger.hpp"
#include "master/processes.hpp"

namespace hupd::master {

namespace {

constexpr const char* with_master = "the death of its master";
constexpr const char* without_master = "unknown status while there was no master";

bool has_process(core::ZygoteState state) {
  return state != core::ZygoteState::None && state != core::ZygoteState::Waiting;
}

}  // namespace

// The core's state is the truth of what is wanted: the checkpoint was made between a decision and
// its orders, so that one may be decided and not given, but never given and not decided.
void Processes::revive(const core::AppState& state) {
  std::vector<core::GenerationId> forgotten;
  for (auto& [id, generation] : generations_) {
    generation.waiting.clear();
    generation.being_forked = 0;
    generation.zygote.reset();
    forgotten.push_back(id);
  }
  for (const auto& wanted : state.generations) {
    std::erase(forgotten, wanted.id);
    if (wanted.state == core::GenerationState::Preparing) {
      post_(core::PrepareFailed{wanted.id, "the master died"});
    }
    if (has_process(wanted.zygote.state)) {
      post_(core::ZygoteExited{wanted.id, {false, with_master}});
    }
    for (const auto& one : wanted.workers) {
      auto* process = worker(one.id);
      const auto id = one.id;
      if (process != nullptr &&
          process->child->adopt(loop_, self_.get(), hears_exit_of_adopted(id))) {
        const auto phase = page_of(*process).phase.load(std::memory_order_relaxed);
        // Its birth and its readiness may have been heard, and not told before the checkpoint.
        if (one.state == core::WorkerState::Requested) post_(core::WorkerForked{id});
        if (phase == wire::Phase::Standby) post_(core::WorkerReady{id});
        continue;
      }
      post_(core::WorkerExited{id, {false, without_master}});
      if (process != nullptr) remove(*generation_of(id), *process, without_master, false);
    }
  }
  for (const auto id : forgotten) forget(id);
}

loop::Callback Processes::hears_exit_of_adopted(core::WorkerId id) {
  return [this, id] { adopted_ended_.push_back(id); };
}

void Processes::end_adopted() {
  for (const auto id : std::exchange(adopted_ended_, {})) {
    auto* process = worker(id);
    if (process == nullptr) continue;
    process->child->catch_up();
    const bool well = process->has_left;
    exited({process->child->pid(), well,
            well ? "an orderly leave" : "unknown status, which only its first master could know"});
  }
}

void Processes::tell_ended() {
  end_adopted();
  give_up_unborn();
}

}  // namespace hupd::master
