// Where log lines go.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "log/level.hpp"
#include "log/line.hpp"

namespace spdlog {
class logger;
}

namespace hupd::log {

class StreamSink;

enum class Format { Text, Json };

struct Options {
  Level least = Level::Info;  // lines below it are dropped
  Format format = Format::Text;
  std::string file = {};  // appended to; empty: standard error
  // Standard error is the journal's: text lines begin with their priority. Ignored for a file.
  bool journal = false;
};

// Synchronous, and starts no thread. What cannot be written is dropped and counted, never thrown:
// a full disk ends no master. REQUIRES: SIGPIPE is ignored, or a closed standard error kills.
class Logger {
 public:
  Logger();  // standard error, text, Info
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  // All or nothing; the error says which file and why.
  tl::expected<void, std::string> configure(const Options& options);

  // Opens the file anew, after somebody renamed it away. When that fails the old one is kept, and a
  // line in it says so. Does nothing for standard error.
  void reopen();

  bool enabled(Level level) const { return level >= options_.least; }
  void write(Level level, const Subject& subject, std::string_view text) noexcept;
  void write_at(Time time, Level level, const Subject& subject, std::string_view text) noexcept;

 private:
  bool put(std::string_view line);  // false: lost
  std::string render(Time time, Level level, const Subject& subject, std::string_view text) const;

  Options options_;
  std::shared_ptr<StreamSink> sink_;
  std::unique_ptr<spdlog::logger> spdlog_;
  std::size_t lost_ = 0;  // lines since the last one that could be written
};

// The process's own logger, and short for a line of it.
Logger& process();
inline void write(Level level, const Subject& subject, std::string_view text) noexcept {
  process().write(level, subject, text);
}

}  // namespace hupd::log
