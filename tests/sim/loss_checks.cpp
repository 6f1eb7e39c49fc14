#include <algorithm>

#include "checks.hpp"

namespace hupd::sim {
namespace {

// The delay before jitter, in ms: nothing for the first, then doubling up to the cap.
std::int64_t plain_delay(const Policy& policy, std::uint32_t failures) {
  if (failures <= 1) return 0;
  std::int64_t delay = std::min(policy.backoff_first, policy.backoff_cap).count();
  for (std::uint32_t n = 2; n < failures; ++n) {
    delay = std::min(delay * 2, policy.backoff_cap.count());
  }
  return delay;
}

// Its relief has the slot from now on.
bool is_relieved(const Model& model, WorkerId lost) {
  return std::any_of(model.workers.begin(), model.workers.end(), [&](const auto& entry) {
    return entry.second.relieves == lost && entry.second.stays();
  });
}

}  // namespace

void check_loss(Look& look, const core::WorkerLost& lost, const std::optional<WorkerModel>& ended) {
  look.expect(lost.generation == look.model.serving, "losses are those of the serving generation");
  GenerationModel* generation = look.model.find(lost.generation);
  if (generation == nullptr) return;
  const Policy& policy = generation->policy;
  const WorkerModel* who = ended ? &*ended : look.model.find_worker(lost.worker);
  look.expect(who != nullptr, "who is lost was there");
  if (who == nullptr) return;
  look.expect(lost.was_relief == who->is_relief(), "it is said whether a relief was lost");
  const Time accepted_at = who->accepted_at;
  const bool stable = accepted_at >= Time{0} && look.model.now - accepted_at >= policy.stable_after;

  const bool first = generation->losses.count(lost.slot) == 0;
  Loss& loss = generation->losses[lost.slot];
  if (stable || (first && generation->failures_known)) loss.failures = 0;
  if (!loss.failures) return;
  const std::uint32_t failures = ++*loss.failures;
  const std::int64_t plain = plain_delay(policy, failures);
  const std::int64_t jitter = plain * policy.backoff_jitter_percent / 100 + 1;
  look.expect(failures > 1 || lost.retry_in.count() == 0, "the first loss is replaced at once");
  look.expect(lost.degraded == (failures >= 3), "the third loss in a row is degraded");
  if (is_relieved(look.model, lost.worker)) return;
  look.expect(failures <= 1 || lost.retry_in.count() > 0, "repeated losses are not a busy loop");
  look.expect(lost.retry_in.count() >= plain - jitter && lost.retry_in.count() <= plain + jitter,
              "the delay doubles with each loss in a row");
  look.expect(lost.retry_in <= policy.backoff_cap, "the delay has a cap");
}

void check_forgiven(Look& look) {
  const bool is_told = std::any_of(look.actions.begin(), look.actions.end(), [](const auto& a) {
    return std::holds_alternative<core::WorkerLost>(a);
  });
  look.expect(!is_told, "what was lost with its master is no loss");
}

void check_replaced(Look& look, const WorkerModel& ended, WorkerId id) {
  const auto lost =
      std::find_if(look.actions.begin(), look.actions.end(), [&](const Action& action) {
        const auto* candidate = std::get_if<core::WorkerLost>(&action);
        return candidate != nullptr && candidate->worker == id;
      });
  look.expect(lost != look.actions.end(), "a serving worker that ends is missed");
  if (lost == look.actions.end()) return;
  const GenerationModel* generation = look.model.find(ended.generation);
  if (ended.is_relief()) return;  // its slot is not vacant
  const bool can_fork = generation != nullptr && generation->zygote == ZygoteLife::Ready;
  if (!can_fork || std::get<core::WorkerLost>(*lost).retry_in > Duration{0}) return;
  const auto& workers = look.model.workers;
  const bool replaced = std::any_of(workers.begin(), workers.end(), [&](const auto& entry) {
    const WorkerModel& other = entry.second;
    return other.generation == ended.generation && other.slot == ended.slot && other.stays();
  });
  look.expect(replaced, "a loss without a delay is replaced at once");
}

}  // namespace hupd::sim
