#include "worker/life.hpp"

#include <csignal>

#include "worker/host.hpp"

namespace hupd::worker {

Life::Life(uv_loop_t* loop, wire::Link channel, const config::App& app, Application application,
           Assignment assignment, std::function<void()> on_ready)
    : loop_(loop),
      channel_(std::move(channel)),
      app_(app),
      application_(std::move(application)),
      assignment_(std::move(assignment)),
      on_ready_(std::move(on_ready)),
      channel_watch_(loop, channel_.fd(), [this] { read_channel(); }),
      drain_timer_(loop, [this] { quit(); }),
      patience_(loop, [this] { drain_by_itself(); }),
      orphanhood_(
          loop, std::chrono::milliseconds(assignment_.start.orphan_ms), [this] { orphaned(); },
          [this] { abandoned(); }),
      term_(loop, SIGTERM, [this] { ask_to_go(); }),
      quit_(loop, SIGQUIT, [this] { ask_to_go(); }),
      pulse_(loop, assignment_.page, handle_.counters, pulse_period(app.stall_timeout)),
      succession_(application_, handle_, assignment_.page->inheriting, app.handover.max_state,
                  [this](const auto& message, const auto& fds) { tell(message, fds); }),
      probing_(loop, application_, handle_, app, [this](const auto& fault) { probed(fault); }),
      health_([this](const auto& message) { tell(message); }),
      next_probe_(loop, [this] { probing_.ask(); }) {
  set_up_handle();
  serving_ = make_serving({loop_, application_, handle_, app_, assignment_.scoreboard},
                          std::move(assignment_.assigned), [this] { end(0, 0); });
  orphanhood_.led_by(std::move(assignment_.master));
}

int Life::run() {
  start_application();
  if (state_ != State::Ended) uv_run(loop_, UV_RUN_DEFAULT);
  succession_.retired();  // not where it ended: that may be within a callback of the application's
  tell(wire::Leaving{cut_});
  application_.stop();
  return exit_code_;
}

void Life::read_channel() {
  while (state_ != State::Ended) {
    room_for_next_.make_room();
    auto delivery = channel_.receive(os::Wait::No);
    room_for_next_.take_back();
    if (std::holds_alternative<os::WouldBlock>(delivery)) return;
    if (auto* letter = std::get_if<wire::Letter>(&delivery)) {
      obey(*letter);
      continue;
    }
    channel_watch_.stop();
    return abandoned();
  }
}

void Life::obey(wire::Letter& letter) {
  const auto& message = letter.message;
  if (std::holds_alternative<wire::Accept>(message)) accept();
  if (const auto* removed = std::get_if<wire::Removed>(&message)) {
    removed_.insert(removed_.end(), removed->addresses.begin(), removed->addresses.end());
  }
  if (const auto* order = std::get_if<wire::Drain>(&message)) drain(*order);
  if (const auto* order = std::get_if<wire::Bequeath>(&message)) {
    succession_.bequeath(order->successors);
  }
  if (const auto* from = std::get_if<wire::Inherit>(&message)) inherit(*from, letter.fds);
  if (std::holds_alternative<wire::InheritEnd>(message)) prove();
  if (std::holds_alternative<wire::EndHandover>(message)) {
    succession_.nobody_follows();
    serving_->end_handover();
    tell(wire::HandoverEnded{});
  }
  if (std::holds_alternative<wire::QueueEnds>(message)) serving_->queue_ends();
  if (std::holds_alternative<wire::Stopping>(message)) {
    succession_.nobody_follows();
    serving_->release_idle();
  }
  if (std::holds_alternative<wire::Quit>(message)) quit();
  if (std::holds_alternative<wire::Adopted>(message)) adopted(letter.fds);
}

void Life::accept() {
  if (state_ != State::Standby) return;
  enter(State::Accepting, wire::Phase::Accepting);
  const auto& limits = app_.recycle;
  if (limits.requests != 0 || limits.age.count() != 0 || limits.memory != 0) {
    wear_.emplace(loop_, limits, handle_.counters.requests,
                  [this](const std::string& limit) { tell(wire::Worn{limit}); });
  }
  const auto accepting = serving_->accept();
  if (accepting) return probe_while_it_serves();
  log_line(HUPD_ERROR, accepting.error().text);
  end(1, 0);
}

void Life::drain(const wire::Drain& order) {
  if (state_ == State::Draining || state_ == State::Ended) return;
  const bool accepted = state_ == State::Accepting;
  enter(State::Draining, wire::Phase::Draining);
  wear_.reset();
  probe_no_more();
  patience_.stop();
  if (!accepted) return end(0, 0);
  succession_.retiring(order.successors);
  if (order.hand_over) {
    serving_->retire(removed_);
  } else {
    serving_->drain(removed_, order.is_last);
  }
  tell(wire::Released{});
}

// The master keeps the deadline, while there is one.
void Life::limit_drain() {
  drain_timer_.start(static_cast<std::uint64_t>((app_.drain_timeout + app_.kill_timeout).count()));
}

void Life::drain_by_itself() {
  limit_drain();
  drain({});
}

// Who serves waits for the order: the master alone knows whether others take over.
void Life::ask_to_go() {
  if (state_ != State::Accepting) return drain({});
  if (patience_.is_running()) return;
  tell(wire::AsksToGo{});
  patience_.start(static_cast<std::uint64_t>(app_.kill_timeout.count()));
}

void Life::quit() {
  if (state_ == State::Ended) return;
  end(0, serving_->quit());
}

void Life::end(int exit_code, std::uint64_t cut) {
  if (state_ == State::Ended) return;
  enter(State::Ended, wire::Phase::Draining);
  probe_no_more();
  exit_code_ = exit_code;
  cut_ = cut;
  uv_stop(loop_);
}

void Life::enter(State state, wire::Phase phase) {
  state_ = state;
  assignment_.page->phase.store(phase, std::memory_order_relaxed);
}

// A master that is gone or does not read is not waited for; it learns of the end by the exit.
void Life::tell(const wire::Message& message, const std::vector<int>& fds) {
  static_cast<void>(channel_.send(message, fds, os::Wait::No));
}

}  // namespace hupd::worker
