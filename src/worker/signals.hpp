// The signals that a worker answers to.
#pragma once

#include <functional>
#include <vector>

#include <uv.h>

namespace hupd::worker {

// SIGTERM and SIGQUIT, sent to this process alone, call `on_term` from the loop. The others that a
// terminal or a stray kill may send stay ignored (os::ignore_leading_signals).
class TermSignals {
 public:
  TermSignals(uv_loop_t* loop, std::function<void()> on_term);
  ~TermSignals();
  TermSignals(const TermSignals&) = delete;
  TermSignals& operator=(const TermSignals&) = delete;

 private:
  std::function<void()> on_term_;
  std::vector<uv_signal_t*> watched_;  // freed by libuv's close callback
};

}  // namespace hupd::worker
