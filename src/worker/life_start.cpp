// From the application's start to readiness, and what other workers left: it comes before that, or
// while this one serves.
#include "worker/host.hpp"
#include "worker/life.hpp"

namespace hupd::worker {

void Life::set_up_handle() {
  handle_.loop = loop_;
  handle_.generation = assignment_.start.generation;
  handle_.slot = assignment_.start.slot;
  handle_.adopting = &assignment_.page->adopting;
  handle_.counters.shown = &assignment_.page->connections;
  handle_.room_since_ns = &assignment_.page->room_since_ns;
  handle_.refuses_adoption = assignment_.start.refuse;
  handle_.ready = [this] { started(); };
  handle_.start_failed = [this](const std::string& reason) {
    if (state_ == State::Starting) failed(reason);
  };
  handle_.probe_done = [this](std::uint64_t number, const auto& fault) {
    probing_.done(number, fault);
  };
  handle_.reports = [this](const auto& fault) { health_.reported(fault); };
}

void Life::start_application() {
  const auto result = application_.start(handle_);
  if (!result) return failed(result.error().text);
  if (*result == HUPD_READY) started();
}

void Life::started() {
  if (state_ != State::Starting || awaits_) return;
  if (!succession_.comes_first()) return prove();
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

void Life::became_ready() {
  on_ready_();
  enter(State::Standby, wire::Phase::Standby);
  tell(wire::Ready{});
}

void Life::failed(const std::string& reason) {
  tell(wire::Failed{reason, false});
  end(1, 0);
}

}  // namespace hupd::worker
