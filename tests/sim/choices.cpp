#include "world.hpp"

namespace hupd::sim {
namespace {

using Choices = std::vector<Choice>;

const core::Exit crashed{false, "signal 11 (SIGSEGV)"};
const core::Exit lost{false, "the death of its master", true};
const core::Exit left{true, "exit code 0"};

void zygote_choices(Choices& choices, GenerationId id, const GenerationModel& generation) {
  switch (generation.zygote) {
    case ZygoteLife::None:
      break;
    case ZygoteLife::Starting:
      choices.push_back({Kind::Natural, core::ZygoteReady{id}});
      choices.push_back({Kind::Fault, core::ZygoteReady{id, true}});  // the same version again
      choices.push_back({Kind::Fault, core::ZygoteFailed{id, "undefined symbol"}});
      choices.push_back({Kind::Fault, core::ZygoteExited{id, crashed}});
      break;
    case ZygoteLife::Ready:
      choices.push_back({Kind::Fault, core::ZygoteExited{id, lost}});
      choices.push_back({Kind::Fault, core::ZygoteExited{id, crashed}});
      break;
    case ZygoteLife::Failed:
    case ZygoteLife::Leaving:
    case ZygoteLife::Killed:
      choices.push_back({Kind::Natural, core::ZygoteExited{id, left}});
      break;
  }
}

void booting_choices(Choices& choices, WorkerId id, const WorkerModel& worker) {
  if (worker.boot == Boot::Requested) {
    choices.push_back({Kind::Natural, core::WorkerForked{id}});
  } else {
    choices.push_back({Kind::Natural, core::WorkerReady{id}});
    choices.push_back({Kind::Fault, core::WorkerFailed{id, "no database"}});
  }
}

void worker_choices(Choices& choices, const World& world, WorkerId id, const WorkerModel& worker) {
  const Model& model = world.model;
  const GenerationModel* generation = model.find(worker.generation);
  const bool unborn = worker.boot == Boot::Requested && generation != nullptr &&
                      generation->zygote == ZygoteLife::None;
  if (worker.drains()) {
    choices.push_back({Kind::Fault, core::WorkerStalled{id}});
    choices.push_back({Kind::Fault, core::WorkerHasNoRoom{id}});
  }
  if (unborn || !worker.stays()) {
    if (world.connections.may_leave(id)) {
      choices.push_back({Kind::Natural, core::WorkerExited{id, left}});
    } else {
      choices.push_back({Kind::Fault, core::WorkerExited{id, crashed}});
    }
    return;
  }
  if (worker.boot != Boot::Ready) booting_choices(choices, id, worker);
  if (worker.accepts()) {
    choices.push_back({Kind::Fault, core::WorkerStalled{id}});
    choices.push_back({Kind::Fault, core::WorkerFailed{id, "gave up"}});
    choices.push_back({Kind::Fault, core::WorkerAsksToGo{id}});
    choices.push_back({Kind::Fault, core::WorkerWorn{id}});
    choices.push_back({Kind::Fault, core::WorkerUnwell{id, "no disk"}});
  }
  if (worker.boot == Boot::Requested) {
    choices.push_back({Kind::Noise, core::WorkerAsksToGo{id}});
    choices.push_back({Kind::Noise, core::WorkerWorn{id}});
    choices.push_back({Kind::Noise, core::WorkerUnwell{id, "no disk"}});
    choices.push_back({Kind::Noise, core::WorkerStalled{id}});
    choices.push_back({Kind::Fault, core::WorkerExited{id, lost}});
  }
  choices.push_back({Kind::Fault, core::WorkerExited{id, crashed}});
}

void late_choices(Choices& choices, const Model& model) {
  const WorkerId last = model.last_worker;
  if (last != 0 && model.find_worker(last) == nullptr) {
    choices.push_back({Kind::Noise, core::WorkerReady{last}});
    choices.push_back({Kind::Noise, core::WorkerExited{last, left}});
  }
  const GenerationId gone = model.last_generation;
  if (gone != 0 && model.find(gone) == nullptr) {
    choices.push_back({Kind::Noise, core::Prepared{gone, Policy{}}});
    choices.push_back({Kind::Noise, core::ZygoteReady{gone}});
    choices.push_back({Kind::Noise, core::ZygoteExited{gone, left}});
  }
}

}  // namespace

std::vector<Choice> World::choices() const {
  Choices choices;
  if (!model.started && !model.stopping) choices.push_back({Kind::Natural, core::StartRequested{}});
  for (const auto& [id, generation] : model.generations) {
    if (id == model.in_flight && !generation.prepared) {
      choices.push_back({Kind::Natural, core::Prepared{id, next_policy}});
      choices.push_back({Kind::Fault, core::PrepareFailed{id, "hupd.toml:3:1: unknown key"}});
      choices.push_back({Kind::Fault, core::PrepareFailed{id, lost.described, true}});
    }
    if (generation.is_canary && id == model.in_flight) {
      choices.push_back({Kind::Natural, core::PromoteRequested{}});
    }
    zygote_choices(choices, id, generation);
  }
  for (const auto& [id, worker] : model.workers) worker_choices(choices, *this, id, worker);
  late_choices(choices, model);
  choices.push_back({Kind::Operator, core::ReloadRequested{}});
  if (model.in_flight != 0) choices.push_back({Kind::Operator, core::AbortRequested{}});
  if (model.youngest_parked() != 0 || model.in_flight != 0) {
    choices.push_back({Kind::Operator, core::RollbackRequested{}});
  }
  for (const auto& [id, generation] : model.generations) {
    if (generation.parked && id != model.youngest_parked()) {
      choices.push_back({Kind::Operator, core::RollbackRequested{id}});
    }
  }
  choices.push_back({Kind::Operator, core::ScaleBy{1}});
  choices.push_back({Kind::Operator, core::ScaleBy{-1}});
  choices.push_back({Kind::Operator, core::ScaleTo{0}});
  choices.push_back({Kind::Stop, core::StopRequested{core::StopMode::Graceful}});
  choices.push_back({Kind::Stop, core::StopRequested{core::StopMode::Quick}});
  return choices;
}

}  // namespace hupd::sim
