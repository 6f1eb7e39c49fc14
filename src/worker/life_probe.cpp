// Whether this worker is well, before it is ready.
#include "worker/life.hpp"

namespace hupd::worker {

void Life::prove() {
  if (state_ != State::Starting) return;
  state_ = State::Proving;
  if (!probing_.has_questions()) return became_ready();
  probing_.ask();
}

void Life::probed(const Probing::Fault& fault) {
  if (!fault) return became_ready();
  failed(*fault);
}

}  // namespace hupd::worker
