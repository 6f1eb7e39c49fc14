// What an operator can have done with the reload in flight, or the last one.
#include "master/supervisor.hpp"

namespace hupd::master {

core::GenerationId Supervisor::in_flight() const {
  const auto* fresh = core::find_in_flight(state_);
  return fresh == nullptr ? 0 : fresh->id;
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
  const auto* fresh = core::find_in_flight(state_);
  const auto before = in_flight();
  const bool goes_back = fresh != nullptr && fresh->source != 0;
  if (goes_back && to != 0 && fresh->source != to) {
    return tl::unexpected(name_ + " goes back to the version of generation " +
                          std::to_string(fresh->source) + " already");
  }
  const bool takes_back = before != 0 && (to == 0 || goes_back);
  if (!takes_back && core::find_kept(state_, to) == nullptr) {
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
  return takes_back ? before : state_.last_generation;
}

}  // namespace hupd::master
