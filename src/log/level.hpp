// How grave a line is, and the journal's numbers for it.
#pragma once

#include <optional>
#include <string_view>

namespace hupd::log {

enum class Level { Debug, Info, Warning, Error };

std::string_view name(Level level);  // "info"; at most five letters
int priority(Level level);           // syslog's: 3 to 7

// A line that may begin with a priority as sd-daemon(3) has it: "<3>no space left".
struct Prioritized {
  std::optional<Level> level;  // none: the line had no priority
  std::string_view text;       // the rest
};
Prioritized parse_priority(std::string_view line);

}  // namespace hupd::log
