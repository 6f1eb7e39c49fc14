#include "master/processes.hpp"

#include "core/rules.hpp"
#include "log/logger.hpp"
#include "os/clock.hpp"

namespace hupd::master {

Processes::Processes(uv_loop_t* loop, Vault& vault, std::string app, Common common, Post post)
    : loop_(loop),
      vault_(vault),
      self_(os::own_pidfd().value_or(os::Fd())),
      app_(std::move(app)),
      common_(std::move(common)),
      post_(std::move(post)),
      legacies_(vault) {}

Generation& Processes::add(Generation generation) {
  const auto id = generation.id;
  return generations_.emplace(id, std::move(generation)).first->second;
}

void Processes::forget(core::GenerationId id) { generations_.erase(id); }

Generation* Processes::find(core::GenerationId id) {
  const auto found = generations_.find(id);
  return found == generations_.end() ? nullptr : &found->second;
}

const Generation* Processes::find(core::GenerationId id) const {
  const auto found = generations_.find(id);
  return found == generations_.end() ? nullptr : &found->second;
}

Generation* Processes::generation_of(core::WorkerId id) {
  for (auto& [number, generation] : generations_) {
    if (generation.workers.contains(id)) return &generation;
  }
  return nullptr;
}

WorkerProcess* Processes::worker(core::WorkerId id) {
  auto* generation = generation_of(id);
  return generation == nullptr ? nullptr : &generation->workers.at(id);
}

void Processes::catch_up() {
  for (auto& [id, generation] : generations_) {
    if (generation.zygote) generation.zygote->catch_up();
  }
  for (auto& [id, generation] : generations_) {
    for (auto& [worker_id, process] : generation.workers) process.child->catch_up();
  }
}

bool Processes::exited(const os::Reaped& reaped) {
  const core::Exit exit{reaped.clean, reaped.described};
  for (auto& [id, generation] : generations_) {
    if (generation.zygote && generation.zygote->pid() == reaped.pid) {
      generation.zygote->catch_up();
      generation.remember_words_of(*generation.zygote);
      generation.zygote.reset();
      generation.waiting.clear();  // closes the workers' ends, which gives them up
      post_(core::ZygoteExited{id, exit});
      return true;
    }
    for (auto& [worker_id, process] : generation.workers) {
      if (process.child->pid() != reaped.pid) continue;
      process.child->catch_up();
      generation.remember_words_of(*process.child);
      post_(core::WorkerExited{worker_id, exit});
      remove(generation, process, reaped.described, exit.clean);
      return true;
    }
  }
  return false;
}

void Processes::kill(WorkerProcess& worker) {
  if (worker.child->is_born()) return worker.child->signal(os::Signal::Kill);
  worker.child->hang_up();
  unborn_.push_back(worker.id);
}

void Processes::give_up_unborn() {
  for (const auto id : std::exchange(unborn_, {})) {
    auto* process = worker(id);
    if (process == nullptr || process->child->is_born()) continue;
    const std::string how = "it was never forked: its zygote is gone or stuck";
    post_(core::WorkerFailed{id, how});
    post_(core::WorkerExited{id, {false, how}});
    remove(*generation_of(id), *process, how, false);
  }
}

void Processes::remove(Generation& generation, WorkerProcess& process, const std::string& how,
                       bool well) {
  const auto id = process.id;
  count(generation, process);
  if (process.cut > 0) {
    log::write(log::Level::Warning, process.child->name().subject(),
               "cut " + std::to_string(process.cut) + " connections that were not done");
  }
  if (common_.board.page(process.page).adopting != 0) {
    const bool was_known = core::rules::is_adoption_deadly(generation.adoption_deaths++);
    if (!was_known && core::rules::is_adoption_deadly(generation.adoption_deaths)) {
      log::write(log::Level::Error, {.app = app_, .gen = generation.id},
                 "its workers die of connections that are handed over to them: those that wait are "
                 "ended; mend adopt(), or deploy what was there before");
    }
  }
  legacies_.ended(generation, process, common_.board.page(process.page).inheriting != 0);
  const auto open = common_.board.page(process.page).connections.load(std::memory_order_relaxed);
  ended_[id] = {process.child->name(), how, well, well ? 0 : open};
  common_.board.give_back(process.page);
  generation.workers.erase(id);
}

std::string Processes::Ended::with() const {
  return connections == 0 ? "" : ", with " + std::to_string(connections) + " connections";
}

void Processes::count(Generation& generation, WorkerProcess& process) {
  const auto more = process.tally.take(common_.board.page(process.page));
  add_to(generation.counts, more);
  add_to(counts_, more);
}

void Processes::count() {
  for (auto& [number, generation] : generations_) {
    for (auto& [id, process] : generation.workers) count(generation, process);
  }
}

std::vector<core::Heartbeat> Processes::heartbeats() const {
  std::vector<core::Heartbeat> beats;
  for (const auto& [number, generation] : generations_) {
    for (const auto& [id, process] : generation.workers) {
      const auto& page = common_.board.page(process.page);
      if (page.phase.load(std::memory_order_relaxed) != wire::Phase::Accepting) continue;
      beats.push_back(
          {id, page.heartbeat_ns.load(std::memory_order_relaxed), generation.app.stall_timeout});
    }
  }
  return beats;
}

std::vector<core::WorkerId> Processes::without_room() const {
  std::vector<core::WorkerId> found;
  const auto now_ns = os::monotonic_ns();
  for (const auto& [number, generation] : generations_) {
    const auto drain_ns =
        static_cast<std::uint64_t>(std::chrono::nanoseconds(generation.app.drain_timeout).count());
    for (const auto& [id, process] : generation.workers) {
      const auto& page = common_.board.page(process.page);
      if (wire::lacked_room(page, now_ns, drain_ns)) found.push_back(id);
    }
  }
  return found;
}

}  // namespace hupd::master
