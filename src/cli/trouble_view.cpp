#include "cli/trouble_view.hpp"

#include <algorithm>

#include "cli/words.hpp"

namespace hupd::cli {
namespace {

std::string ago(const control::Reload& reload) {
  if (!reload.age_ms) return "";
  const auto age = *reload.age_ms - std::min(reload.ended_ms.value_or(0), *reload.age_ms);
  return ", " + short_duration(age) + " ago";
}

std::string name_of(const control::Reload& reload) {
  std::string text = reload.is_start ? "start" : "last reload";
  if (reload.generation != 0) text += ", generation " + std::to_string(reload.generation);
  return text;
}

// How it failed; empty: it did not.
std::string failure_of(const control::Reload& reload) {
  switch (reload.outcome) {
    case control::Outcome::Rejected:
    case control::Outcome::Refused:
      return "rejected";
    case control::Outcome::RolledBack:
      return "rolled back";
    case control::Outcome::Failed:
      return "failing";
    case control::Outcome::Running:
    case control::Outcome::Done:
    case control::Outcome::Unchanged:
      break;
  }
  return {};
}

std::string slot_of(const control::BackoffStatus& slot) {
  return "slot " + std::to_string(slot.slot) + (slot.degraded ? " is degraded" : "") + ": failed " +
         std::to_string(slot.failures) + " times in a row" +
         (slot.retry_in_ms > 0 ? ", next try in " + short_duration(slot.retry_in_ms) : "");
}

}  // namespace

std::string troubles_of(const control::AppStatus& app, bool with_colour) {
  std::string text;
  const auto add = [&text, with_colour](const std::string& what, Colour colour) {
    text += coloured("  ! " + what, colour, with_colour) + "\n";
  };
  if (app.serving != 0 && app.workers == 0 && app.state == "running") {
    add("no worker is wanted: 'hupd scale " + app.app +
            " N' brings some back, or a reload that succeeds",
        Colour::Bad);
  }
  for (const auto& generation : app.generations) {
    for (const auto& worker : generation.workers) {
      if (!worker.unwell) continue;
      add("worker " + std::to_string(worker.slot) + " of generation " +
              std::to_string(generation.generation) + ", pid " + std::to_string(worker.pid) +
              ", is unwell: " + printable(*worker.unwell),
          Colour::Bad);
    }
    for (const auto& slot : generation.backoff) {
      add(slot_of(slot), slot.degraded ? Colour::Bad : Colour::Warning);
    }
    // For a moment, after a death of the master or of the zygote alone.
    if (generation.state == "serving" && generation.zygote == "starting") {
      add("no worker can be replaced until its zygote has started", Colour::Warning);
    } else if (generation.state == "serving" && generation.zygote != "ready") {
      add("no worker can be replaced: the zygote is " + generation.zygote, Colour::Bad);
    }
  }
  const auto& ended = app.last_ended ? app.last_ended : app.last_reload;
  if (ended && !failure_of(*ended).empty()) {
    add(name_of(*ended) + ": " + failure_of(*ended) + ago(*ended) + ": " +
            printable(ended->reason.value_or("")),
        Colour::Bad);
  }
  return text;
}

std::string last_reload_of(const control::AppStatus& app) {
  if (!app.last_reload || !failure_of(*app.last_reload).empty()) return {};
  const auto& reload = *app.last_reload;
  const std::string text = "  " + name_of(reload) + ": ";
  if (reload.outcome == control::Outcome::Running) {
    return text + "under way for " + short_duration(reload.age_ms.value_or(0)) + "\n";
  }
  if (reload.outcome == control::Outcome::Unchanged) {
    return text + "nothing had changed" + ago(reload) + "\n";
  }
  return text + "done in " + short_duration(reload.ended_ms.value_or(0)) + ago(reload) + "\n";
}

}  // namespace hupd::cli
