#include <algorithm>

#include "checks.hpp"
#include "core/step.hpp"

namespace hupd::sim {
namespace {

void check_workers_known(Look& look, const core::AppState& state) {
  std::size_t known = 0;
  for (const core::Generation& generation : state.generations) {
    for (const core::Worker& worker : generation.workers) {
      const WorkerModel* real = look.model.find_worker(worker.id);
      look.expect(real != nullptr && real->generation == generation.id,
                  "the core knows only workers that live");
      ++known;
    }
  }
  look.expect(known == look.model.workers.size(), "the core knows every worker that lives");
  look.expect(state.generations.size() == look.model.generations.size(),
              "the core knows the generations that are not forgotten");
}

void check_waits_end(Look& look, const core::AppState& state) {
  using core::never;
  for (const core::Generation& generation : state.generations) {
    const core::ZygoteState zygote = generation.zygote.state;
    const bool zygote_rests =
        zygote == core::ZygoteState::None || zygote == core::ZygoteState::Ready;
    look.expect(zygote_rests == (generation.zygote.deadline == never),
                "a zygote's wait has a deadline");
    const bool may_wait = generation.state == core::GenerationState::Canary ||  // for a person
                          generation.probation == core::Probation::Running;
    look.expect(may_wait || (generation.state == core::GenerationState::Preparing) ==
                                (generation.deadline != never),
                "preparing has a deadline");
    for (const core::Worker& worker : generation.workers) {
      look.expect((worker.state == core::WorkerState::Serving) == (worker.deadline == never),
                  "a worker's wait has a deadline");
      const WorkerModel* real = look.model.find_worker(worker.id);
      look.expect(real == nullptr || worker.state != core::WorkerState::Draining ||
                      worker.deadline <=
                          real->since + std::max(generation.policy.drain_timeout, Duration{1}),
                  "nothing puts off the end of a drain but want of room, and not at a stop");
    }
  }
  if (std::holds_alternative<core::Tick>(look.event)) {
    const std::optional<Time> next = core::next_deadline(state);
    look.expect(!next || *next > look.model.now, "a tick leaves nothing due");
  }
}

// Every generation's own places, and on top of them what the surge of a reload, and that of the
// refill after a rejected one, allow. Whoever was told to go, or goes by itself, is not counted.
void check_process_bound(Look& look) {
  const Model& model = look.model;
  const GenerationModel* serving = model.find(model.serving);
  if (serving == nullptr || model.stopping) return;
  std::size_t bound = serving->target;
  if (const GenerationModel* fresh = model.find(model.in_flight)) {
    const std::size_t surge = std::max({fresh->policy.surge, fresh->policy.canary, 1U});
    bound = std::max(bound + surge, fresh->target);
  }
  std::size_t staying = 0;
  bool recedes = false;
  std::size_t reliefs = 0;
  for (const auto& [id, worker] : model.workers) {
    if (!worker.stays()) continue;
    ++(worker.is_relief() ? reliefs : staying);
    const GenerationModel* generation = model.find(worker.generation);
    recedes = recedes || (generation != nullptr && generation->verdict == Verdict::Rejected);
  }
  if (recedes) bound += std::max(serving->policy.surge, 1U);
  look.expect(staying <= bound, "surge bounds the number of processes");
  look.expect(reliefs <= std::max(serving->policy.surge, 1U), "surge bounds the reliefs");
  look.expect(reliefs == 0 || model.in_flight == 0, "no relief boots beside a reload");
}

void check_canary(Look& look) {
  const Model& model = look.model;
  const GenerationModel* fresh = model.find(model.in_flight);
  if (fresh == nullptr || !fresh->is_canary) return;
  look.expect(!model.trigger, "a canary gives way to the next reload");
}

void check_trigger(Look& look) {
  const Model& model = look.model;
  if (!model.trigger || model.in_flight != 0 || model.stopping) return;
  look.expect(model.draining() >= model.max_draining(),
              "a reload waits for nothing but one in flight and generations that drain");
  look.expect(model.held_back, "it is said that a reload waits");
}

}  // namespace

void check_state(Look& look, const core::AppState& state) {
  check_workers_known(look, state);
  check_waits_end(look, state);
  check_process_bound(look);
  check_canary(look);
  check_trigger(look);
}

}  // namespace hupd::sim
