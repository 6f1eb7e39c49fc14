// spdlog's way out to a stdio stream that may fail.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

namespace hupd::log {

struct Closer {
  void operator()(std::FILE* file) const {
    if (file != stderr) std::fclose(file);
  }
};
using Stream = std::unique_ptr<std::FILE, Closer>;

// One write(2) a line, so that nothing is kept back by a crash and lines of several writers to one
// file do not mix. Never throws.
class StreamSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit StreamSink(Stream stream) { replace(std::move(stream)); }

  void replace(Stream stream);
  bool good() const { return good_; }  // the last line was written whole

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

 private:
  Stream stream_;
  bool good_ = true;
  bool torn_ = false;  // a line was written in part: the next begins on a line of its own
};

}  // namespace hupd::log
