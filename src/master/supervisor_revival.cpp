// An app after the death of the master that had it.
#include "master/supervisor.hpp"

namespace hupd::master {

// A deploy that was being prepared is not prepared again: it ends as one whose zygote was lost.
void Supervisor::revive() {
  processes_.adopt();
  for (auto& action : unfinished_) {
    if (const auto* prepare = std::get_if<core::Prepare>(&action)) {
      post(core::PrepareFailed{prepare->generation, "the master died", true});
    }
  }
  std::erase_if(unfinished_,
                [](const auto& a) { return std::holds_alternative<core::Prepare>(a); });
  carry_out_unfinished();
  processes_.tell_lost(state_);
  // A number may have been given away after the checkpoint, and a directory is named after it.
  ++state_.last_generation;
}

}  // namespace hupd::master
