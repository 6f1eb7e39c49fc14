#include "cli/history_view.hpp"

#include <algorithm>

#include "cli/words.hpp"

namespace hupd::cli {
namespace {

std::string word_of(const control::Reload& reload) {
  switch (reload.outcome) {
    case control::Outcome::Running:
      return "running";
    case control::Outcome::Done:
      return reload.is_start ? "started" : reload.source ? "went back" : "done";
    case control::Outcome::Rejected:
      return "rejected";
    case control::Outcome::Refused:
      return "refused";
    case control::Outcome::RolledBack:
      return "rolled back";
    case control::Outcome::Failed:
      return "failing";
    case control::Outcome::Unchanged:
      return "unchanged";
  }
  return {};
}

std::string took(const std::optional<std::uint64_t>& ms) { return ms ? short_duration(*ms) : "-"; }

}  // namespace

std::string table_of(const control::History& history) {
  std::size_t widest = 3;
  for (const auto& reload : history.reloads) widest = std::max(widest, reload.app.size());
  std::string text = left("app", widest) +
                     "   gen  started                   result          took   drained  library\n";
  for (const auto& reload : history.reloads) {
    const std::string generation = reload.generation == 0 ? "-" : std::to_string(reload.generation);
    text += left(reload.app.empty() ? "all" : printable(reload.app), widest) +
            right(generation, 6) + "  " + left(printable(reload.started), 24) + "  " +
            left(word_of(reload), 11) + right(took(reload.ended_ms), 9) +
            right(took(reload.drained_ms), 10) + "  " +
            (reload.hash ? short_hash(*reload.hash) : "-") +
            (reload.version ? " " + printable(*reload.version) : "") + "\n";
    if (reload.reason) text += "    " + printable(*reload.reason) + "\n";
  }
  return text;
}

}  // namespace hupd::cli
