#include "model.hpp"

#include <algorithm>
#include <set>

#include "overload.hpp"

namespace hupd::sim {
namespace {

void ordered(Model& model, WorkerId id, Order order) {
  if (WorkerModel* worker = model.find_worker(id)) {
    worker->order = order;
    worker->since = model.now;
  }
}

void zygote_becomes(Model& model, GenerationId id, ZygoteLife life) {
  if (GenerationModel* generation = model.find(id)) {
    generation->zygote = life;
    generation->zygote_since = model.now;
  }
}

void by_itself(Model& model, WorkerId id, Own own) {
  WorkerModel* worker = model.find_worker(id);
  if (worker == nullptr || !worker->stays()) return;
  worker->own = own;
  worker->since = model.now;
}

// One that served well and then leaves politely proves its slot healthy.
void resets_failures(Model& model, const WorkerModel& worker) {
  GenerationModel* generation = model.find(worker.generation);
  if (generation == nullptr || !worker.accepts()) return;
  if (model.now - worker.accepted_at < generation->policy.stable_after) return;
  generation->losses[worker.slot].failures = 0;
}

void scaled(Model& model, std::int64_t workers) {
  GenerationModel* serving = model.find(model.serving);
  if (serving == nullptr || model.stopping) return;
  serving->target = static_cast<std::size_t>(std::clamp<std::int64_t>(workers, 0, 1024));
  serving->forget_failures();
}

// If it had a relief, that is none any more.
void slot_is_free_of(Model& model, WorkerId id) {
  for (auto& [other_id, other] : model.workers) {
    if (other.relieves == id) other.relieves = 0;
  }
}

void way_back_failed(Model& model, const GenerationModel& fresh, const std::string& reason) {
  GenerationModel* served = model.find(model.serving);
  if (fresh.source == 0 || served == nullptr || served->trial != Trial::Answered) return;
  if (reason == "aborted") served->ways_back = 2;
  if (served->ways_back < 2 && !model.stopping) served->trial = Trial::Failed;
}

void park_as_many_as_are_kept(Model& model, const GenerationModel& fresh) {
  std::size_t parked = 0;
  for (auto it = model.generations.rbegin(); it != model.generations.rend(); ++it) {
    GenerationModel& generation = it->second;
    const bool is_taken_up = it->first == fresh.source;
    generation.parked = generation.parked && !is_taken_up && parked < fresh.policy.keep;
    if (generation.parked) ++parked;
  }
}

template <typename Count>
std::size_t count(const Model& model, Count matches) {
  const auto n = std::count_if(model.workers.begin(), model.workers.end(),
                               [&](const auto& entry) { return matches(entry.second); });
  return static_cast<std::size_t>(n);
}

}  // namespace

void Model::happened(const Event& event) {
  lost_with_master = false;
  std::visit(Overload{
                 [&](const core::StartRequested&) {
                   if (!started && !stopping) started = trigger = true;
                 },
                 [&](const core::ReloadRequested&) {
                   if (started && !stopping) trigger = true;
                 },
                 [&](const core::Prepared& e) {
                   GenerationModel* generation = find(e.generation);
                   if (generation == nullptr || in_flight != e.generation || generation->prepared)
                     return;
                   generation->prepared = true;
                   generation->policy = e.policy;
                   generation->target = std::min(e.policy.workers, 1024U);
                 },
                 [&](const core::PrepareFailed& e) { lost_with_master = e.is_blameless; },
                 [&](const core::ZygoteReady& e) {
                   const GenerationModel* generation = find(e.generation);
                   if (generation != nullptr && generation->zygote == ZygoteLife::Starting) {
                     zygote_becomes(*this, e.generation, ZygoteLife::Ready);
                     find(e.generation)->is_same = e.is_same;
                   }
                 },
                 [&](const core::ZygoteFailed& e) {
                   const GenerationModel* generation = find(e.generation);
                   if (generation != nullptr && (generation->zygote == ZygoteLife::Starting ||
                                                 generation->zygote == ZygoteLife::Ready)) {
                     zygote_becomes(*this, e.generation, ZygoteLife::Failed);
                   }
                 },
                 [&](const core::ZygoteExited& e) {
                   lost_with_master = e.exit.is_blameless;
                   zygote_becomes(*this, e.generation, ZygoteLife::None);
                 },
                 [&](const core::WorkerForked& e) {
                   WorkerModel* worker = find_worker(e.worker);
                   if (worker != nullptr && worker->boot == Boot::Requested)
                     worker->boot = Boot::Forked;
                 },
                 [&](const core::WorkerReady& e) {
                   WorkerModel* worker = find_worker(e.worker);
                   if (worker != nullptr) worker->boot = Boot::Ready;
                 },
                 [&](const core::WorkerFailed& e) { by_itself(*this, e.worker, Own::Failed); },
                 [](const core::WorkerStalled&) {},
                 [&](const core::WorkerAsksToGo& e) {
                   if (const WorkerModel* worker = find_worker(e.worker))
                     resets_failures(*this, *worker);
                 },
                 [&](const core::WorkerWorn& e) {
                   WorkerModel* worker = find_worker(e.worker);
                   if (worker == nullptr || !worker->accepts() || worker->worn) return;
                   resets_failures(*this, *worker);
                   worker->worn = true;
                 },
                 [](const core::WorkerUnwell&) {},
                 [&](const core::WorkerHasNoRoom& e) {
                   WorkerModel* worker = find_worker(e.worker);
                   if (worker == nullptr || !worker->drains() || stopping) return;
                   worker->no_room = true;
                   worker->since = now;
                 },
                 [&](const core::WorkerExited& e) { workers.erase(e.worker); },
                 [](const core::PromoteRequested&) {},
                 [](const core::AbortRequested&) {},
                 [](const core::RollbackRequested&) {},
                 [&](const core::ScaleBy& e) {
                   if (const GenerationModel* generation = find(serving)) {
                     const auto target = static_cast<std::int64_t>(generation->target);
                     scaled(*this, std::max(target + e.change, std::min<std::int64_t>(target, 1)));
                   }
                 },
                 [&](const core::ScaleTo& e) { scaled(*this, e.workers); },
                 [&](const core::StopRequested& e) {
                   quick = quick || stopping || e.mode == core::StopMode::Quick;
                   stopping = true;
                   trigger = false;
                 },
                 [](const core::Tick&) {},
             },
             event);
}

void Model::carried_out(const Action& action) {
  std::visit(Overload{
                 [&](const core::Prepare& a) {
                   generations[a.generation] = {};
                   generations[a.generation].source = a.source;
                   last_generation = std::max(last_generation, a.generation);
                 },
                 [&](const core::StartZygote& a) {
                   zygote_becomes(*this, a.generation, ZygoteLife::Starting);
                 },
                 [&](const core::TakeUpZygote& a) {
                   zygote_becomes(*this, a.source, ZygoteLife::None);
                   zygote_becomes(*this, a.generation, ZygoteLife::Ready);
                 },
                 [&](const core::RetireZygote& a) {
                   zygote_becomes(*this, a.generation, ZygoteLife::Leaving);
                 },
                 [&](const core::KillZygote& a) {
                   zygote_becomes(*this, a.generation, ZygoteLife::Killed);
                 },
                 [&](const core::ForkWorker& a) {
                   WorkerModel worker;
                   worker.generation = a.generation;
                   worker.slot = a.slot;
                   worker.since = now;
                   for (const auto& [id, other] : workers) {
                     const bool same = other.generation == a.generation && other.slot == a.slot;
                     if (same && other.accepts()) worker.relieves = id;
                   }
                   workers[a.worker] = worker;
                   last_worker = std::max(last_worker, a.worker);
                 },
                 [&](const core::Accept& a) {
                   ordered(*this, a.worker, Order::Accept);
                   if (WorkerModel* worker = find_worker(a.worker)) worker->accepted_at = now;
                 },
                 [&](const core::Drain& a) {
                   ordered(*this, a.worker, Order::Drain);
                   slot_is_free_of(*this, a.worker);
                 },
                 [&](const core::Quit& a) { ordered(*this, a.worker, Order::Quit); },
                 [&](const core::Abort& a) { ordered(*this, a.worker, Order::Abort); },
                 [&](const core::Kill& a) { ordered(*this, a.worker, Order::Kill); },
                 [&](const core::Forget& a) { generations.erase(a.generation); },
                 [&](const core::ReloadHeldBack&) { held_back = true; },
                 [&](const core::ReloadStarted& a) {
                   in_flight = a.generation;
                   if (a.source == 0) trigger = held_back = false;
                   GenerationModel* served = find(serving);
                   if (a.source != 0 && served != nullptr && served->trial == Trial::Failed) {
                     served->trial = Trial::Answered;
                     ++served->ways_back;
                   }
                 },
                 [&](const core::ReloadDropped& a) {
                   last_generation = a.generation;
                   trigger = held_back = false;
                 },
                 [&](const core::CanaryServes& a) {
                   if (GenerationModel* generation = find(a.generation))
                     generation->is_canary = true;
                 },
                 [&](const core::Switched& a) {
                   if (GenerationModel* generation = find(a.generation)) {
                     generation->switched = true;
                     generation->is_canary = false;
                   }
                 },
                 [&](const core::ReloadDone& a) {
                   if (GenerationModel* old = find(serving)) {
                     old->verdict = Verdict::Superseded;
                     const GenerationModel* fresh = find(a.generation);
                     const bool is_same =
                         fresh != nullptr && fresh->is_same && youngest_parked() != 0;
                     old->parked = old->trial == Trial::None && !is_same;
                   }
                   if (GenerationModel* fresh = find(a.generation)) {
                     fresh->verdict = Verdict::Done;
                     park_as_many_as_are_kept(*this, *fresh);
                   }
                   serving = a.generation;
                   in_flight = 0;
                 },
                 [&](const core::ProbationBegan& a) {
                   if (GenerationModel* generation = find(a.generation)) {
                     generation->trial = Trial::Running;
                     generation->trial_ends = now + a.time;
                   }
                 },
                 [&](const core::ProbationPassed& a) {
                   if (GenerationModel* generation = find(a.generation))
                     generation->trial = Trial::None;
                 },
                 [&](const core::ProbationFailed& a) {
                   if (GenerationModel* generation = find(a.generation))
                     generation->trial = Trial::Failed;
                 },
                 [&](const core::ReloadRejected& a) {
                   if (GenerationModel* fresh = find(a.generation)) {
                     fresh->verdict = Verdict::Rejected;
                     way_back_failed(*this, *fresh, a.reason);
                   }
                   in_flight = 0;
                   if (serving == 0 && !stopping && lost_with_master) {
                     trigger = true;
                   } else if (serving == 0 && !stopping) {
                     stopping = start_failed = true;
                     trigger = false;
                   }
                 },
                 [&](const core::WorkerLost& a) {
                   GenerationModel* generation = find(a.generation);
                   if (generation != nullptr) {
                     generation->losses[a.slot].retry_at = now + a.retry_in;
                     if (generation->trial == Trial::Running) ++generation->trial_losses;
                   }
                   slot_is_free_of(*this, a.worker);
                   if (WorkerModel* worker = find_worker(a.worker)) worker->relieves = 0;
                 },
                 [&](const core::WorkerRelieved& a) { slot_is_free_of(*this, a.worker); },
                 [](const core::DrainOverdue&) {},
                 [&](const core::Unkillable& a) {
                   if (WorkerModel* worker = find_worker(a.worker)) worker->unkillable = true;
                 },
                 [&](const core::Stopped&) { ++stopped; },
             },
             action);
}

std::size_t Model::accepting() const {
  return count(*this, [](const WorkerModel& worker) { return worker.accepts(); });
}

std::size_t Model::accepting(GenerationId generation) const {
  return count(*this, [&](const WorkerModel& worker) {
    return worker.generation == generation && worker.accepts();
  });
}

std::size_t Model::staying(GenerationId generation) const {
  return count(*this, [&](const WorkerModel& worker) {
    return worker.generation == generation && worker.stays();
  });
}

std::size_t Model::beyond(GenerationId generation) const {
  return count(*this, [&](const WorkerModel& worker) {
    return worker.generation == generation && !worker.unkillable &&
           (worker.is_relief() || worker.drains());
  });
}

GenerationId Model::youngest_parked() const {
  for (auto it = generations.rbegin(); it != generations.rend() && !stopping; ++it) {
    if (it->second.parked) return it->first;
  }
  return 0;
}

bool Model::is_rollback(GenerationId id) const {
  const GenerationModel* generation = find(id);
  return generation != nullptr && generation->source != 0;
}

std::size_t Model::draining() const {
  std::set<GenerationId> found;
  for (const auto& [id, worker] : workers) {
    const GenerationId owner = worker.generation;
    if (owner == serving || owner == in_flight) continue;
    if (worker.unkillable || worker.no_room) continue;
    if (accepting(owner) == 0) found.insert(owner);
  }
  return found.size();
}

std::size_t Model::max_draining() const {
  const GenerationModel* generation = find(serving);
  const auto policy = generation == nullptr ? core::Policy{} : generation->policy;
  return std::max(policy.max_draining, 1U);
}

GenerationModel* Model::find(GenerationId id) {
  const auto found = generations.find(id);
  return found == generations.end() ? nullptr : &found->second;
}
const GenerationModel* Model::find(GenerationId id) const {
  const auto found = generations.find(id);
  return found == generations.end() ? nullptr : &found->second;
}
WorkerModel* Model::find_worker(WorkerId id) {
  const auto found = workers.find(id);
  return found == workers.end() ? nullptr : &found->second;
}
const WorkerModel* Model::find_worker(WorkerId id) const {
  const auto found = workers.find(id);
  return found == workers.end() ? nullptr : &found->second;
}

}  // namespace hupd::sim
