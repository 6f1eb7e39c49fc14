// spdlog's way out to a descriptor that may fail, or take nothing for a while.
#pragma once

#include <cstddef>
#include <utility>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include "log/backlog.hpp"
#include "os/no_wait_writer.hpp"

namespace hupd::log {

// One write(2) a line, so that nothing is kept back by a crash and lines of several writers to one
// file do not mix. What is not taken at once waits in the backlog; flush() tries again. Throws only
// for want of memory.
class StreamSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit StreamSink(os::NoWaitWriter out) : out_(std::move(out)) {}

  // What waits goes there, too.
  void replace(os::NoWaitWriter out);

  Backlog& backlog() { return backlog_; }
  // Lines that were given up since the last call, since writing failed.
  std::size_t take_failed() { return std::exchange(failed_, 0); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override;

 private:
  static constexpr std::size_t most_waiting = 1024UL * 1024;

  os::NoWaitWriter out_;
  Backlog backlog_{most_waiting};
  std::size_t failed_ = 0;
  bool torn_ = false;  // a line that failed was written in part: the next begins on one of its own
};

}  // namespace hupd::log
