// Where log lines go.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
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

// Starts no thread, and waits for no reader: lines that are not taken at once are kept, up to 1
// MiB, for the next line or flush(); what comes beyond that, or cannot be written, is dropped,
// counted and owned up to, never thrown. A full disk ends no master, a stuck journal stops none.
// REQUIRES: SIGPIPE is ignored, or a closed standard error kills.
class Logger {
 public:
  Logger();  // standard error, text, Info
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  // All or nothing; the error says which file and why.
  tl::expected<void, std::string> configure(const Options& options);

  // For who must not fail by it: when the file cannot be opened, lines go on to where they went,
  // the first of them says so, and reopen() or the next configure() tries again.
  void configure_anyway(const Options& options);

  // Opens the file anew, after somebody renamed it away. When that fails the old one is kept, and a
  // line in it says so. Does nothing for standard error.
  void reopen();

  bool enabled(Level level) const { return level >= options_.least; }
  void write(Level level, const Subject& subject, std::string_view text) noexcept;
  void write_at(Time time, Level level, const Subject& subject, std::string_view text) noexcept;

  // Lines wait for their reader: flush() is to be called now and then.
  bool waits() const;
  void flush() noexcept;
  // As long as lines wait, but no longer than this. For the end of the process.
  void finish(std::chrono::milliseconds longest) noexcept;
  // Many lines wait, and their reader may only be slow: who can hold back more of them for a moment
  // should. True for a second at a stretch at most, since it may be stuck for good.
  using Moment = std::chrono::steady_clock::time_point;
  bool asks_for_pause(Moment now = std::chrono::steady_clock::now()) const;

 private:
  void put(std::string_view line);
  void tell_of_losses(Time time);
  void watch_congestion();
  std::string render(Time time, Level level, const Subject& subject, std::string_view text) const;

  Options options_;
  bool lacks_file_ = false;  // that of the options could not be opened
  std::shared_ptr<StreamSink> sink_;
  std::unique_ptr<spdlog::logger> spdlog_;
  std::size_t lost_ = 0;  // lines since the last one that could be written
  std::optional<Moment> congested_since_;
};

// The process's own logger, and short for a line of it.
Logger& process();
inline void write(Level level, const Subject& subject, std::string_view text) noexcept {
  process().write(level, subject, text);
}

}  // namespace hupd::log
