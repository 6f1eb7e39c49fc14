// A master that dies, and another one that comes, or does not.
#include "worker/host.hpp"
#include "worker/life.hpp"

namespace hupd::worker {

// Deadlines that a master keeps are kept here meanwhile.
void Life::orphaned() {
  log_line(HUPD_WARNING, "the master has died: serving on until another one comes");
  if (state_ == State::Draining) limit_drain();
}

void Life::adopted(std::vector<os::Fd>& fds) {
  if (fds.size() != 1) return;
  orphanhood_.led_by(std::move(fds[0]));
  drain_timer_.stop();
  log_line(HUPD_INFO, "another master leads");
  if (wear_) wear_->repeat();
  health_.repeat();
  if (patience_.is_running()) tell(wire::AsksToGo{});
}

// No other one can come, or none has come in time.
void Life::abandoned() {
  if (state_ == State::Ended) return;
  orphanhood_.end();
  log_line(HUPD_WARNING, "the master is gone: draining");
  succession_.nobody_follows();
  limit_drain();
  if (state_ == State::Draining) {  // perhaps to others, who go as well
    serving_->end_handover();
    return serving_->queue_ends();
  }
  drain({});
}

}  // namespace hupd::worker
