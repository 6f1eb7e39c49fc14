// Whether this worker is well: before it is ready, and while it serves.
#include "worker/life.hpp"

namespace hupd::worker {

void Life::prove() {
  if (state_ != State::Starting) return;
  state_ = State::Proving;
  if (!probing_.has_questions()) return became_ready();
  probing_.ask();
}

void Life::probed(const Probing::Fault& fault) {
  if (state_ == State::Proving) return fault ? failed(*fault) : became_ready();
  health_.probed(fault);
  next_probe_.start(static_cast<std::uint64_t>(app_.probe.interval.count()));
}

void Life::probe_while_it_serves() {
  health_.serves();
  const auto interval = static_cast<std::uint64_t>(app_.probe.interval.count());
  if (interval != 0 && probing_.has_questions()) next_probe_.start(interval);
}

// Who retires has nothing to prove, and must be able to leave.
void Life::probe_no_more() {
  next_probe_.stop();
  probing_.stop();
}

}  // namespace hupd::worker
