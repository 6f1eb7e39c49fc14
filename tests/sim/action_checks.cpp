#include <algorithm>

#include "checks.hpp"
#include "overload.hpp"

namespace hupd::sim {
namespace {

bool lives(const GenerationModel* generation) {
  return generation != nullptr && generation->zygote != ZygoteLife::None;
}

bool is_wanted(const Model& model, GenerationId id) {
  return id != 0 && (id == model.in_flight || id == model.serving) && !model.stopping;
}

// Whether its zygote forks, or is kept for a way back.
bool is_needed(const Model& model, GenerationId id) {
  const GenerationModel* serving = model.find(model.serving);
  const bool is_parked =
      id == model.youngest_parked() && serving != nullptr && serving->policy.park;
  return is_wanted(model, id) || is_parked;
}

// Between the batches of a reload the old workers that were relieved have to be gone.
bool old_ones_are_gone(const Model& model) {
  return std::none_of(model.workers.begin(), model.workers.end(), [&](const auto& entry) {
    const WorkerModel& worker = entry.second;
    const bool relieved = worker.order == Order::Drain || worker.order == Order::Quit;
    return worker.generation == model.serving && relieved;
  });
}

void check_relief(Look& look, const core::ForkWorker& fork) {
  const Model& model = look.model;
  look.expect(model.in_flight == 0 && fork.generation == model.serving,
              "a worn worker is relieved by code that is to stay");
  const GenerationModel* generation = model.find(fork.generation);
  const std::size_t surge = generation == nullptr ? 0 : generation->policy.surge;
  look.expect(model.beyond(fork.generation) < std::max<std::size_t>(surge, 1),
              "surge bounds reliefs and whom they have relieved");
}

void check_fork(Look& look, const core::ForkWorker& fork) {
  const Model& model = look.model;
  const GenerationModel* generation = model.find(fork.generation);
  look.expect(is_wanted(model, fork.generation), "only a wanted generation forks");
  look.expect(generation != nullptr && generation->zygote == ZygoteLife::Ready,
              "a zygote that is ready forks");
  look.expect(fork.worker == model.last_worker + 1, "a worker's id is never used again");
  for (const auto& [id, worker] : model.workers) {
    if (worker.generation != fork.generation || worker.slot != fork.slot) continue;
    if (worker.worn && worker.accepts()) {
      check_relief(look, fork);
    } else {
      look.expect(!worker.stays(), "a slot has one worker, or a worn one and its relief");
    }
  }
  if (generation == nullptr) return;
  const auto loss = generation->losses.find(fork.slot);
  look.expect(loss == generation->losses.end() || loss->second.retry_at <= model.now,
              "a lost worker is not replaced before its time");
  if (fork.generation == model.in_flight && generation->switched) {
    look.expect(old_ones_are_gone(model), "a batch waits for the old workers it relieved");
  }
}

Duration longest_way_out(const Model& model, const core::ReloadHeldBack& held) {
  const GenerationModel* generation = model.find(held.draining);
  if (generation == nullptr) return Duration{0};
  const Policy& policy = generation->policy;
  return std::max({policy.drain_timeout, policy.kill_timeout, Duration{1}});
}

void check_rejected(Look& look, GenerationId id) {
  look.expect(look.model.in_flight == id, "only the reload in flight is rejected");
  if (std::holds_alternative<core::StopRequested>(look.event)) return;
  const GenerationModel* generation = look.model.find(id);
  if (generation == nullptr || generation->switched) return;
  for (const Action& action : look.actions) {
    const auto* drain = std::get_if<core::Drain>(&action);
    if (drain == nullptr) continue;
    const WorkerModel* worker = look.model.find_worker(drain->worker);
    look.expect(worker == nullptr || worker->generation != look.model.serving,
                "a rejected generation leaves the old one as it was");
  }
}

}  // namespace

void check_action(Look& look, const Action& action) {
  const Model& model = look.model;
  std::visit(
      Overload{
          [&](const core::Prepare& a) {
            look.expect(model.in_flight == a.generation && model.find(a.generation) == nullptr,
                        "a generation is prepared once, when its reload has started");
            check_source(look, a.generation, a.source);
          },
          [&](const core::StartZygote& a) {
            const GenerationModel* generation = model.find(a.generation);
            look.expect(is_wanted(model, a.generation) && generation != nullptr &&
                            generation->prepared && !lives(generation),
                        "a zygote is started for a wanted generation that has none");
            const bool boots = std::holds_alternative<core::Prepared>(look.event);
            const GenerationModel* source =
                generation == nullptr ? nullptr : model.find(generation->source);
            look.expect(!boots || source == nullptr || source->zygote != ZygoteLife::Ready,
                        "a parked zygote is taken up");
          },
          [&](const core::TakeUpZygote& a) { check_taken_up(look, a); },
          [&](const core::RetireZygote& a) {
            const GenerationModel* generation = model.find(a.generation);
            look.expect(lives(generation), "a zygote is told to leave while it lives");
            const bool boots = generation != nullptr && generation->zygote == ZygoteLife::Starting;
            look.expect(!boots || !std::holds_alternative<core::StopRequested>(look.event),
                        "a stop waits for no zygote's boot");
            look.expect(!is_needed(model, a.generation), "a needed zygote is not retired");
          },
          [&](const core::KillZygote& a) {
            look.expect(lives(model.find(a.generation)), "a zygote is killed while it lives");
          },
          [&](const core::ForkWorker& a) { check_fork(look, a); },
          [&](const core::Accept& a) { check_accept(look, a.worker); },
          [&](const core::Drain& a) { check_order(look, a.worker, Order::Drain); },
          [&](const core::Quit& a) { check_order(look, a.worker, Order::Quit); },
          [&](const core::Abort& a) { check_order(look, a.worker, Order::Abort); },
          [&](const core::Kill& a) { check_order(look, a.worker, Order::Kill); },
          [&](const core::Forget& a) {
            const bool has_workers = std::any_of(
                model.workers.begin(), model.workers.end(),
                [&](const auto& entry) { return entry.second.generation == a.generation; });
            const GenerationModel* generation = model.find(a.generation);
            look.expect(generation != nullptr, "a generation is forgotten once");
            look.expect(!has_workers && !lives(generation),
                        "nothing of a forgotten generation lives");
            look.expect(!is_wanted(model, a.generation), "a wanted generation is not forgotten");
            look.expect(generation == nullptr || !generation->parked || model.stopping,
                        "a parked generation is not forgotten");
          },
          [&](const core::ReloadHeldBack& a) {
            look.expect(model.trigger && !model.held_back, "why a reload waits is said once");
            look.expect(model.find(a.draining) != nullptr && a.left <= longest_way_out(model, a),
                        "a reload waits for a generation that goes in time");
          },
          [&](const core::ReloadStarted& a) {
            look.expect(model.in_flight == 0, "one reload is in flight at a time");
            look.expect(a.source != 0 || model.draining() < model.max_draining(),
                        "max_draining bounds the generations that drain");
            look.expect((a.source != 0 || model.trigger) && !model.stopping,
                        "a reload has a trigger");
            if (a.source != 0) check_way_back(look, a);
            look.expect(a.generation == model.last_generation + 1, "generations are numbered");
          },
          [&](const core::ReloadDropped& a) { check_dropped(look, a); },
          [&](const core::ProbationBegan& a) { check_probation_begins(look, a); },
          [&](const core::ProbationPassed& a) { check_probation_passed(look, a.generation); },
          [&](const core::ProbationFailed& a) { check_probation_failed(look, a.generation); },
          [&](const core::CanaryServes& a) {
            const GenerationModel* generation = model.find(a.generation);
            look.expect(!model.is_rollback(a.generation), "what was good needs no canary");
            look.expect(model.in_flight == a.generation && model.serving != 0 &&
                            generation != nullptr && !generation->switched &&
                            model.accepting(a.generation) == a.workers &&
                            a.workers <= generation->policy.canary,
                        "a canary is as small as it is to be, beside those that serve");
          },
          [&](const core::Switched& a) {
            const GenerationModel* generation = model.find(a.generation);
            look.expect(
                model.in_flight == a.generation && generation != nullptr && !generation->switched,
                "a generation switches once, in its reload");
          },
          [&](const core::ReloadDone& a) {
            const GenerationModel* generation = model.find(a.generation);
            look.expect(model.in_flight == a.generation, "only the reload in flight is done");
            look.expect(generation != nullptr && generation->switched, "a reload switches first");
            look.expect(model.serving == 0 || model.accepting(model.serving) == 0,
                        "when a reload is done no old worker accepts");
          },
          [&](const core::ReloadRejected& a) { check_rejected(look, a.generation); },
          [&](const core::WorkerRelieved& a) {
            const WorkerModel* worker = model.find_worker(a.worker);
            look.expect(worker != nullptr && worker->worn && worker->generation == model.serving,
                        "who is relieved was worn");
          },
          [](const core::WorkerLost&) {},  // loss_checks.cpp
          [&](const core::DrainOverdue& a) {
            look.expect(model.find_worker(a.worker) != nullptr, "who is overdue lives");
          },
          [&](const core::Unkillable& a) {
            const WorkerModel* worker = model.find_worker(a.worker);
            const bool killed = worker != nullptr && worker->order == Order::Kill;
            look.expect(a.worker == 0 || killed, "who is unkillable was killed");
          },
          [&](const core::Stopped& a) {
            look.expect(model.stopping && model.stopped == 0, "an app stops once, when asked");
            look.expect(model.workers.empty() && model.generations.empty(),
                        "after stop nothing lives");
            look.expect((a.outcome == core::StopOutcome::FirstStartFailed) == model.start_failed,
                        "the outcome says why it stopped");
          },
      },
      action);
}

}  // namespace hupd::sim
