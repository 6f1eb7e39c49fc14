#include "invariants.hpp"

#include <algorithm>

#include "checks.hpp"

namespace hupd::sim {
namespace {

// Accepting workers that must be left whenever somebody is told to go.
std::size_t capacity_floor(const Model& model, const std::vector<Action>& actions) {
  if (model.stopping) return 0;
  const GenerationModel* serving = model.find(model.serving);
  std::size_t floor = serving == nullptr ? 0 : serving->target;
  for (const Action& action : actions) {
    if (const auto* done = std::get_if<core::ReloadDone>(&action)) {
      if (const GenerationModel* fresh = model.find(done->generation)) floor = fresh->target;
    }
  }
  return floor;
}

// While slots come and go the model does not know which failures the core remembers.
void forget_failures_while_slots_move(Model& model) {
  const bool recedes =
      std::any_of(model.generations.begin(), model.generations.end(), [](const auto& entry) {
        return entry.second.verdict == Verdict::Rejected && entry.second.switched;
      });
  const GenerationModel* fresh = model.find(model.in_flight);
  const bool switching = fresh != nullptr && fresh->switched;
  GenerationModel* serving = model.find(model.serving);
  if (serving != nullptr && (recedes || switching)) serving->forget_failures();
}

std::optional<WorkerModel> worker_that_ended(const Model& model, const Event& event) {
  const auto* exited = std::get_if<core::WorkerExited>(&event);
  const WorkerModel* worker = exited ? model.find_worker(exited->worker) : nullptr;
  return worker ? std::optional<WorkerModel>(*worker) : std::nullopt;
}

// That of a worker who serves and says that it is unwell, when it has to prove itself; 0: none.
GenerationId unproved(const Model& model, const Event& event) {
  const auto* unwell = std::get_if<core::WorkerUnwell>(&event);
  const WorkerModel* worker = unwell ? model.find_worker(unwell->worker) : nullptr;
  if (worker == nullptr || !worker->accepts()) return 0;
  const GenerationModel* generation = model.find(worker->generation);
  const bool is_tried = generation != nullptr && generation->trial == Trial::Running;
  return worker->generation == model.in_flight || is_tried ? worker->generation : 0;
}

}  // namespace

std::vector<std::string> check_step(Model& model, const Event& event,
                                    const std::vector<Action>& actions,
                                    const core::AppState& after) {
  if (model.stopped > 0) {
    return actions.empty() ? std::vector<std::string>{}
                           : std::vector<std::string>{"events after stop change nothing"};
  }
  const std::optional<WorkerModel> ended = worker_that_ended(model, event);
  const GenerationId served = model.serving;
  const GenerationId in_flight = model.in_flight;
  const GenerationId doubtful = unproved(model, event);
  model.happened(event);
  forget_failures_while_slots_move(model);

  Look look{model, event, actions, model.accepting(), capacity_floor(model, actions), {}};
  for (const Action& action : actions) {
    if (const auto* lost = std::get_if<core::WorkerLost>(&action)) check_loss(look, *lost, ended);
    check_action(look, action);
    model.carried_out(action);
  }
  if (ended && ended->generation == served && !model.stopping && ended->stays()) {
    const auto& exited = std::get<core::WorkerExited>(event);
    if (exited.exit.is_blameless) {
      check_forgiven(look);
    } else {
      check_replaced(look, *ended, exited.worker);
    }
  }
  check_asked(look);
  check_rollback_follows(look, in_flight);
  if (std::holds_alternative<core::WorkerUnwell>(event)) check_unwell(look, doubtful);
  check_state(look, after);
  return look.broken;
}

std::vector<std::string> check_rest(const Model& model) {
  std::vector<std::string> broken;
  const auto expect = [&](bool holds, const char* promise) {
    if (!holds) broken.emplace_back(promise);
  };
  if (!model.started && !model.stopping) return broken;
  if (model.stopping) {
    expect(model.stopped == 1, "an app that was told to stop stops");
    expect(model.workers.empty() && model.generations.empty(), "after stop nothing lives");
    return broken;
  }
  expect(model.in_flight == 0 && !model.trigger, "every trigger becomes a reload that ends");
  const GenerationModel* serving = model.find(model.serving);
  expect(serving != nullptr, "an app that runs serves");
  if (serving == nullptr) return broken;
  expect(model.accepting(model.serving) == serving->target, "a serving app is at full strength");
  expect(model.workers.size() == serving->target, "nobody else is left");
  for (const auto& [id, worker] : model.workers) {
    expect(!worker.worn, "a worn worker is relieved in the end");
  }
  const auto parked = std::count_if(model.generations.begin(), model.generations.end(),
                                    [](const auto& entry) { return entry.second.parked; });
  expect(model.generations.size() == 1 + static_cast<std::size_t>(parked),
         "old generations are forgotten");
  expect(static_cast<std::size_t>(parked) <= serving->policy.keep, "as many are kept as are to be");
  for (const auto& [id, generation] : model.generations) {
    const bool may_live =
        id == model.serving || (serving->policy.park && id == model.youngest_parked());
    expect(may_live || generation.zygote == ZygoteLife::None, "one parked zygote is enough");
  }
  expect(serving->zygote == ZygoteLife::Ready, "the serving zygote is ready");
  return broken;
}

}  // namespace hupd::sim
