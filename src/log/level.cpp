#include "log/level.hpp"

namespace hupd::log {

std::string_view name(Level level) {
  switch (level) {
    case Level::Debug:
      return "debug";
    case Level::Info:
      return "info";
    case Level::Warning:
      return "warn";
    case Level::Error:
      return "error";
  }
  return "";
}

int priority(Level level) {
  switch (level) {
    case Level::Debug:
      return 7;
    case Level::Info:
      return 6;
    case Level::Warning:
      return 4;
    case Level::Error:
      return 3;
  }
  return 3;
}

Prioritized parse_priority(std::string_view line) {
  const bool has =
      line.size() >= 3 && line[0] == '<' && line[1] >= '0' && line[1] <= '7' && line[2] == '>';
  if (!has) return {std::nullopt, line};
  const std::string_view text = line.substr(3);
  switch (line[1]) {
    case '7':
      return {Level::Debug, text};
    case '6':
    case '5':  // notice, which hupd does not tell from info
      return {Level::Info, text};
    case '4':
      return {Level::Warning, text};
    default:
      return {Level::Error, text};
  }
}

}  // namespace hupd::log
