#include "worker/life.hpp"

#include "worker/host.hpp"

namespace hupd::worker {

namespace {

template <typename Handle>
void close_and_delete(Handle* handle) {
  uv_close(reinterpret_cast<uv_handle_t*>(handle),
           [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
}

}  // namespace

Life::Life(uv_loop_t* loop, wire::Link channel, const config::App& app, Application application,
           Assignment assignment, std::function<void()> on_ready)
    : loop_(loop),
      channel_(std::move(channel)),
      app_(app),
      application_(std::move(application)),
      assignment_(std::move(assignment)),
      on_ready_(std::move(on_ready)),
      channel_poll_(new uv_poll_t),
      drain_timer_(new uv_timer_t) {
  handle_.loop = loop;
  handle_.generation = assignment_.start.generation;
  handle_.slot = assignment_.start.slot;
  handle_.ready = [this] { became_ready(); };
  handle_.start_failed = [this](const std::string& reason) { failed(reason); };
  uv_timer_init(loop_, drain_timer_);
  drain_timer_->data = this;
  uv_poll_init(loop_, channel_poll_, channel_.fd());
  channel_poll_->data = this;
  uv_poll_start(channel_poll_, UV_READABLE, [](uv_poll_t* poll, int, int) {
    static_cast<Life*>(poll->data)->read_channel();
  });
  pulse_ = std::make_unique<Pulse>(loop_, assignment_.page, handle_.counters,
                                   pulse_period(app_.stall_timeout));
  signals_ = std::make_unique<TermSignals>(loop_, [this] {
    tell(wire::Draining{});
    drain({});
  });
  serving_ = make_serving({loop_, application_, handle_, app_, assignment_.scoreboard},
                          std::move(assignment_.listeners), [this] { end(0, 0); });
}

Life::~Life() {
  serving_.reset();
  close_and_delete(channel_poll_);
  close_and_delete(drain_timer_);
}

int Life::run() {
  start_application();
  if (state_ != State::Ended) uv_run(loop_, UV_RUN_DEFAULT);
  application_.stop();
  return exit_code_;
}

void Life::start_application() {
  const auto started = application_.start(handle_);
  if (!started) return failed(started.error().text);
  if (*started == HUPD_READY) became_ready();
}

void Life::became_ready() {
  if (state_ != State::Starting) return;
  on_ready_();
  enter(State::Standby, wire::Phase::Standby);
  tell(wire::Ready{});
}

void Life::failed(const std::string& reason) {
  if (state_ != State::Starting) return;
  tell(wire::Failed{reason});
  end(1, 0);
}

void Life::read_channel() {
  while (state_ != State::Ended) {
    auto delivery = channel_.receive(os::Wait::No);
    if (std::holds_alternative<os::WouldBlock>(delivery)) return;
    if (const auto* letter = std::get_if<wire::Letter>(&delivery)) {
      obey(letter->message);
      continue;
    }
    uv_poll_stop(channel_poll_);
    log_line(HUPD_WARNING, "the master is gone: draining");
    return drain({});
  }
}

void Life::obey(const wire::Message& message) {
  if (std::holds_alternative<wire::Accept>(message)) accept();
  if (const auto* order = std::get_if<wire::Drain>(&message)) drain(order->removed);
  if (std::holds_alternative<wire::Quit>(message)) quit();
}

void Life::accept() {
  if (state_ != State::Standby) return;
  enter(State::Accepting, wire::Phase::Accepting);
  const auto accepting = serving_->accept();
  if (accepting) return;
  log_line(HUPD_ERROR, accepting.error().text);
  end(1, 0);
}

void Life::drain(const std::vector<std::string>& removed) {
  if (state_ == State::Draining || state_ == State::Ended) return;
  const bool accepted = state_ == State::Accepting;
  enter(State::Draining, wire::Phase::Draining);
  // The master keeps the deadline; this one is for a master that is gone.
  uv_timer_start(
      drain_timer_, [](uv_timer_t* timer) { static_cast<Life*>(timer->data)->quit(); },
      static_cast<std::uint64_t>((app_.drain_timeout + app_.kill_timeout).count()), 0);
  if (!accepted) return end(0, 0);
  serving_->drain(removed);
}

void Life::quit() {
  if (state_ == State::Ended) return;
  end(0, serving_->quit());
}

void Life::end(int exit_code, std::uint64_t cut) {
  if (state_ == State::Ended) return;
  enter(State::Ended, wire::Phase::Draining);
  exit_code_ = exit_code;
  tell(wire::Leaving{cut});
  uv_stop(loop_);
}

void Life::enter(State state, wire::Phase phase) {
  state_ = state;
  assignment_.page->phase.store(phase, std::memory_order_relaxed);
}

// A master that is gone or does not read is not waited for; it learns of the end by the exit.
void Life::tell(const wire::Message& message) {
  static_cast<void>(channel_.send(message, {}, os::Wait::No));
}

}  // namespace hupd::worker
