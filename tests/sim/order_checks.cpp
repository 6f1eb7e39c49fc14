#include <algorithm>

#include "checks.hpp"

namespace hupd::sim {
namespace {

bool is_due(const Model& model, const WorkerModel& worker, Duration timeout) {
  return model.now - worker.since >= timeout;
}

void check_drain(Look& look, const WorkerModel& worker) {
  look.expect(worker.accepts(), "only a worker that accepts is drained");
  const GenerationModel* fresh = look.model.find(look.model.in_flight);
  const bool is_old = worker.generation == look.model.serving;
  const bool begins = std::holds_alternative<core::WorkerReady>(look.event);
  look.expect(fresh == nullptr || !fresh->is_canary || !is_old || !begins,
              "a canary takes nobody's place");
}

void check_quit(Look& look, const WorkerModel& worker, const Policy& policy) {
  const bool drains = worker.drains();
  look.expect(
      worker.order != Order::Quit && worker.order != Order::Abort && worker.order != Order::Kill,
      "who was told to quit is not told again");
  const bool stops = std::holds_alternative<core::StopRequested>(look.event);
  look.expect(!stops || worker.boot == Boot::Ready || drains, "a stop waits for no worker's boot");
  look.expect(!worker.accepts() || look.model.quick,
              "a worker that accepts drains before it quits");
  look.expect(!drains || look.model.quick || is_due(look.model, worker, policy.drain_timeout),
              "a draining worker has its drain_timeout");
}

void check_kill(Look& look, const WorkerModel& worker, const Policy& policy) {
  const bool asked = worker.order != Order::None && worker.order != Order::Accept;
  const bool leaving = asked || worker.own == Own::Failed;
  const bool stops = std::holds_alternative<core::StopRequested>(look.event);
  look.expect(!worker.accepts(), "a worker that accepts is not killed");
  look.expect((stops && !leaving && worker.boot != Boot::Ready) ||
                  is_due(look.model, worker, leaving ? policy.kill_timeout : policy.boot_timeout),
              "a worker is killed after its timeout only, or in mid-boot by a stop");
}

}  // namespace

void check_accept(Look& look, WorkerId id) {
  const Model& model = look.model;
  const WorkerModel* worker = model.find_worker(id);
  look.expect(worker != nullptr && worker->boot == Boot::Ready && worker->order == Order::None &&
                  worker->own == Own::Well,
              "who is told to accept is ready");
  if (worker == nullptr) return;
  const GenerationModel* generation = model.find(worker->generation);
  look.expect(!model.stopping && generation != nullptr &&
                  generation->verdict != Verdict::Rejected &&
                  generation->verdict != Verdict::Superseded,
              "only a wanted generation accepts");
  if (worker->generation != model.in_flight || generation == nullptr) return;

  for (const auto& [other_id, other] : model.workers) {
    look.expect(other.generation != model.in_flight || !other.stays() || other.boot == Boot::Ready,
                "a batch accepts together");
  }
  if (generation->switched) return;
  if (model.serving != 0 && generation->policy.canary > 0 && generation->source == 0) {
    look.expect(model.staying(model.in_flight) <= generation->policy.canary, "a canary goes first");
    return;
  }
  const bool at_once = model.serving == 0 || generation->policy.surge >= generation->target;
  look.expect(!at_once || model.staying(model.in_flight) == generation->target,
              "nobody accepts before all are ready");
}

void check_order(Look& look, WorkerId id, Order order) {
  const WorkerModel* worker = look.model.find_worker(id);
  look.expect(worker != nullptr, "nobody is acted on after it was reaped");
  if (worker == nullptr) return;
  const GenerationModel* generation = look.model.find(worker->generation);
  if (generation == nullptr) return;

  if (order == Order::Drain) check_drain(look, *worker);
  if (order == Order::Quit) check_quit(look, *worker, generation->policy);
  if (order == Order::Kill) check_kill(look, *worker, generation->policy);
  if (order == Order::Abort) {
    const auto* stalled = std::get_if<core::WorkerStalled>(&look.event);
    look.expect(
        stalled != nullptr && stalled->worker == id && (worker->accepts() || worker->drains()),
        "only a stalled worker is aborted");
    if (worker->accepts()) --look.accepting_before;  // it served nobody any more
  } else if (const auto* asks = std::get_if<core::WorkerAsksToGo>(&look.event);
             asks != nullptr && asks->worker == id) {
    --look.accepting_before;  // not hupd's choice
  } else if (generation->is_canary) {
    if (worker->accepts()) --look.accepting_before;  // it was nobody's replacement
  } else if (worker->accepts()) {
    look.expect(look.model.accepting() - 1 >= std::min(look.floor, look.accepting_before),
                "nobody is told to go before its replacement accepts");
  }
}

void check_asked(Look& look) {
  const auto* asks = std::get_if<core::WorkerAsksToGo>(&look.event);
  const WorkerModel* worker = asks == nullptr ? nullptr : look.model.find_worker(asks->worker);
  if (worker != nullptr) look.expect(!worker->accepts(), "who asks to go is told to");
}

void check_unwell(Look& look, GenerationId doubtful) {
  bool is_ended = false;
  for (const Action& action : look.actions) {
    // Beside it comes what was due meanwhile: respawns, that is.
    const bool is_due = std::holds_alternative<core::StartZygote>(action) ||
                        std::holds_alternative<core::ForkWorker>(action);
    look.expect(doubtful != 0 || is_due,
                "that somebody is unwell changes nothing of what has proved itself");
    const auto* rejected = std::get_if<core::ReloadRejected>(&action);
    const auto* failed = std::get_if<core::ProbationFailed>(&action);
    is_ended = is_ended || (rejected != nullptr && rejected->generation == doubtful) ||
               (failed != nullptr && failed->generation == doubtful);
  }
  look.expect(is_ended == (doubtful != 0), "what is unwell on trial has failed");
}

}  // namespace hupd::sim
