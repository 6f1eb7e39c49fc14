#include "log/stream_sink.hpp"

namespace hupd::log {

void StreamSink::replace(os::NoWaitWriter out) {
  out_ = std::move(out);
  backlog_.start_head_again();
  torn_ = false;
}

void StreamSink::sink_it_(const spdlog::details::log_msg& message) {
  std::string line = torn_ ? "\n" : "";
  line.append(message.payload.data(), message.payload.size());
  line += '\n';
  backlog_.add(std::move(line));
  flush_();
}

void StreamSink::flush_() {
  while (!backlog_.empty()) {
    const auto taken = out_.write(backlog_.head());
    if (!taken) {
      torn_ = backlog_.is_head_torn() || backlog_.head().front() == '\n';
      failed_ += backlog_.clear();
      return;
    }
    if (*taken == 0) return;
    backlog_.wrote(*taken);
    torn_ = false;
  }
}

}  // namespace hupd::log
