// The shape of a log line, which is an interface: tests and people's scripts match it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "log/level.hpp"

namespace hupd::log {

using Time = std::chrono::system_clock::time_point;

std::string timestamp(Time time);  // RFC 3339: 2026-11-22T20:00:00.123Z

// Whom a line is about; what is not known is left out.
struct Subject {
  std::string_view app = {};
  std::optional<std::uint64_t> gen = {};
  std::optional<std::uint64_t> worker = {};
  std::optional<std::int64_t> pid = {};
};

// Each is one line without its end, whatever `text` holds.
//   2026-11-22T20:00:00.123Z info  app=web gen=5 worker=3 pid=812 ready
std::string text_line(Time time, Level level, const Subject& subject, std::string_view text);
//   <6>app=web gen=5 worker=3 pid=812 ready        the journal has time and level by itself
std::string journal_line(Level level, const Subject& subject, std::string_view text);
//   {"time":"2026-…","level":"info","app":"web","gen":5,"worker":3,"pid":812,"text":"ready"}
std::string json_line(Time time, Level level, const Subject& subject, std::string_view text);

}  // namespace hupd::log
