// What an operator can have done with the reload in flight, or the last one.
#include "master/supervisor.hpp"

namespace hupd::master {

core::GenerationId Supervisor::in_flight() const {
  const auto* fresh = core::find_in_flight(state_);
  return fresh == nullptr ? 0 : fresh->id;
}

bool Supervisor::is_under_way() const {
  const auto* serving = core::find_serving(state_);
  const bool on_probation = serving != nullptr && serving->probation == core::Probation::Running;
  return is_reloading() || on_probation || (is_ending() && !stopped_);
}

bool Supervisor::has_canary() const {
  const auto* fresh = core::find_in_flight(state_);
  return fresh != nullptr && fresh->state == core::GenerationState::Canary;
}

tl::expected<core::GenerationId, std::string> Supervisor::roll_back(core::GenerationId to) {
  settle();  // what has happened is known first
  if (core::find_serving(state_) == nullptr) {
    return tl::unexpected(name_ + " does not serve: there is nothing to go back to");
  }
  const auto before = in_flight();
  const bool takes_back = before != 0 && to == 0;
  const bool has_way = takes_back || core::find_kept(state_, to) != nullptr;
  if (!has_way) {
    std::string kept;
    for (const auto& g : state_.generations) {
      if (g.state != core::GenerationState::Parked) continue;
      kept += (kept.empty() ? "; kept are: " : ", ") + std::to_string(g.id);
    }
    return tl::unexpected(name_ + ": " +
                          (to == 0 ? "no version from before is kept"
                                   : "generation " + std::to_string(to) + " is not kept") +
                          kept);
  }
  post(core::RollbackRequested{to});
  settle();
  const auto begun = in_flight();
  return begun == 0 && takes_back ? before : state_.last_generation;
}

}  // namespace hupd::master
