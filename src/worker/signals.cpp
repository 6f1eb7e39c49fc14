#include "worker/signals.hpp"

#include <csignal>

namespace hupd::worker {

TermSignals::TermSignals(uv_loop_t* loop, std::function<void()> on_term)
    : on_term_(std::move(on_term)) {
  for (const int number : {SIGTERM, SIGQUIT}) {
    auto* signal = new uv_signal_t;
    uv_signal_init(loop, signal);
    signal->data = this;
    uv_signal_start(
        signal,
        [](uv_signal_t* handle, int) { static_cast<TermSignals*>(handle->data)->on_term_(); },
        number);
    watched_.push_back(signal);
  }
}

TermSignals::~TermSignals() {
  for (auto* signal : watched_) {
    uv_close(reinterpret_cast<uv_handle_t*>(signal),
             [](uv_handle_t* handle) { delete reinterpret_cast<uv_signal_t*>(handle); });
  }
}

}  // namespace hupd::worker
