#include <algorithm>

#include "checks.hpp"

namespace hupd::sim {
namespace {

template <typename A>
const A* find_action(const Look& look) {
  const auto found =
      std::find_if(look.actions.begin(), look.actions.end(),
                   [](const Action& action) { return std::holds_alternative<A>(action); });
  return found == look.actions.end() ? nullptr : &std::get<A>(*found);
}

}  // namespace

void check_source(Look& look, GenerationId id, GenerationId source) {
  const auto* started = find_action<core::ReloadStarted>(look);
  look.expect(started != nullptr && started->generation == id && started->source == source,
              "what was begun is prepared");
}

void check_taken_up(Look& look, const core::TakeUpZygote& taken) {
  const GenerationModel* generation = look.model.find(taken.generation);
  const GenerationModel* source = look.model.find(taken.source);
  look.expect(generation != nullptr && look.model.in_flight == taken.generation &&
                  generation->prepared && generation->source == taken.source &&
                  generation->zygote == ZygoteLife::None,
              "a generation takes up the zygote of its source");
  look.expect(source != nullptr && source->parked && source->zygote == ZygoteLife::Ready,
              "what is taken up is parked, and can fork");
}

void check_way_back(Look& look, const core::ReloadStarted& started) {
  const Model& model = look.model;
  const GenerationModel* source = model.find(started.source);
  look.expect(source != nullptr && source->parked, "what is gone back to was kept");
  const auto* asked = std::get_if<core::RollbackRequested>(&look.event);
  const GenerationModel* serving = model.find(model.serving);
  const bool failed = serving != nullptr && serving->trial == Trial::Failed;
  look.expect(asked != nullptr || failed, "nothing goes back without a reason");
  look.expect(!model.trigger || asked != nullptr, "a reload that waits has its number");
  const GenerationId wanted =
      asked == nullptr || asked->to == 0 ? model.youngest_parked() : asked->to;
  look.expect(started.source == wanted, "the way back leads to the one that was asked for");
}

void check_dropped(Look& look, const core::ReloadDropped& dropped) {
  look.expect(look.model.trigger && std::holds_alternative<core::RollbackRequested>(look.event),
              "a rollback drops what waits");
  look.expect(dropped.generation == look.model.last_generation + 1, "generations are numbered");
}

void check_probation_begins(Look& look, const core::ProbationBegan& began) {
  const GenerationModel* generation = look.model.find(began.generation);
  look.expect(generation != nullptr && generation->verdict == Verdict::Done &&
                  generation->source == 0 && began.time == generation->policy.probation,
              "a new version that is done is on probation");
  look.expect(look.model.youngest_parked() != 0, "a probation knows where to go back to");
}

void check_probation_passed(Look& look, GenerationId id) {
  const GenerationModel* generation = look.model.find(id);
  look.expect(generation != nullptr && generation->trial == Trial::Running &&
                  generation->trial_ends <= look.model.now,
              "a probation lasts its time");
}

void check_probation_failed(Look& look, GenerationId id) {
  const GenerationModel* generation = look.model.find(id);
  look.expect(generation != nullptr && generation->trial == Trial::Running && !look.model.stopping,
              "who fails is on probation");
  if (generation == nullptr) return;
  look.expect(generation->trial_losses > generation->policy.probation_crashes ||
                  std::holds_alternative<core::WorkerUnwell>(look.event),
              "a probation forgives as many losses as it says");
}

void check_rollback_follows(Look& look, GenerationId in_flight_before) {
  const Model& model = look.model;
  const GenerationModel* serving = model.find(model.serving);
  if (serving == nullptr || model.stopping) return;
  if (serving->trial == Trial::Running) {
    look.expect(serving->trial_losses <= serving->policy.probation_crashes,
                "a probation forgives no more losses than it says");
  }
  look.expect(serving->trial != Trial::Failed || model.in_flight != 0 || model.trigger,
              "what failed its probation is left");
  const GenerationModel* fresh = model.find(model.in_flight);
  look.expect(serving->trial != Trial::Failed || fresh == nullptr || !fresh->is_canary,
              "a canary does not keep what failed its probation");
  const auto* asked = std::get_if<core::RollbackRequested>(&look.event);
  if (asked == nullptr) return;
  const GenerationModel* before = model.find(in_flight_before);
  const bool is_the_same =
      before != nullptr && before->source != 0 && (asked->to == 0 || asked->to == before->source);
  const GenerationModel* named = model.find(asked->to);
  const bool is_refused = asked->to != 0 && (named == nullptr || !named->parked);
  look.expect(!model.trigger || is_the_same || is_refused, "a rollback comes before what waits");
  const GenerationModel* target = model.find(asked->to);
  const bool has_target =
      asked->to == 0 ? model.youngest_parked() != 0 : target != nullptr && target->parked;
  if (asked->to != 0 && !has_target) return;
  if (in_flight_before != 0 && asked->to == 0) {
    look.expect(model.is_rollback(in_flight_before) || model.in_flight != in_flight_before,
                "a rollback ends the reload in flight");
    if (asked->to == 0 || model.is_rollback(in_flight_before)) return;
  }
  look.expect(!has_target || model.is_rollback(model.in_flight),
              "a rollback that can begin begins at once");
  look.expect(asked->to == 0 || fresh == nullptr || fresh->source == asked->to,
              "a rollback goes where it was told to");
}

}  // namespace hupd::sim
