#include "log/line.hpp"

#include <array>
#include <cstdio>

#include "log/escape.hpp"

namespace hupd::log {
namespace {

std::string body(const Subject& subject, std::string_view text) {
  std::string line;
  const auto add = [&line](const char* key, const auto& number) {
    if (number) line += key + std::to_string(*number) + ' ';
  };
  if (!subject.app.empty()) line += "app=" + escape_text(subject.app) + ' ';
  add("gen=", subject.gen);
  add("worker=", subject.worker);
  add("pid=", subject.pid);
  return line + escape_text(cut(text));
}

}  // namespace

// ISO 8601 in UTC. From the calendar, not from gmtime, whose static buffer or time zone file a
// logger can do without.
std::string timestamp(Time time) {
  using namespace std::chrono;
  const auto now = floor<milliseconds>(time);
  const auto today = floor<days>(now);
  const year_month_day date(today);
  const hh_mm_ss clock(now - today);
  std::array<char, 40> text;
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string text_line(Time time, Level level, const Subject& subject, std::string_view text) {
  std::string word(name(level));
  word.resize(5, ' ');
  return timestamp(time) + ' ' + word + ' ' + body(subject, text);
}

std::string journal_line(Level level, const Subject& subject, std::string_view text) {
  return '<' + std::to_string(priority(level)) + '>' + body(subject, text);
}

std::string json_line(Time time, Level level, const Subject& subject, std::string_view text) {
  std::string line =
      R"({"time":")" + timestamp(time) + R"(","level":")" + std::string(name(level)) + '"';
  const auto add = [&line](const char* key, const auto& number) {
    if (number) line += std::string(",\"") + key + "\":" + std::to_string(*number);
  };
  if (!subject.app.empty()) line += R"(,"app":")" + escape_json(subject.app) + '"';
  add("gen", subject.gen);
  add("worker", subject.worker);
  add("pid", subject.pid);
  return line + R"(,"text":")" + escape_json(cut(text)) + "\"}";
}

}  // namespace hupd::log
