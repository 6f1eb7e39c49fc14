// What was left by other workers comes to this one: before it is ready, or while it serves.
#include "worker/host.hpp"
#include "worker/life.hpp"

namespace hupd::worker {

void Life::started() {
  if (state_ != State::Starting || awaits_) return;
  if (!succession_.comes_first()) return became_ready();
  awaits_ = true;
  tell(wire::Awaits{});
}

void Life::inherit(const wire::Inherit& from, const std::vector<os::Fd>& fds) {
  if (state_ == State::Draining) return;  // the master gives it to another
  const auto taken = succession_.take(from, fds);
  if (!taken && state_ == State::Starting) return failed(taken.error().text);
  if (!taken) {
    log_line(HUPD_WARNING, taken.error().text);
    assignment_.page->inheriting = 0;
  }
  tell(wire::Took{});
}

}  // namespace hupd::worker
