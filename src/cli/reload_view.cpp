#include "cli/reload_view.hpp"

#include "cli/words.hpp"

namespace hupd::cli {
namespace {

std::string counted(const control::Event& event) {
  return std::to_string(event.count.value_or(0)) + " of " + std::to_string(event.of.value_or(0));
}

std::string with_version(const std::optional<std::string>& version) {
  return version && !version->empty() ? " version " + printable(*version) : "";
}

std::string text_of(const control::Event& event) {
  const std::string reason = printable(event.reason.value_or(""));
  switch (event.step) {
    case control::Step::Requested:
      return "reload requested";
    case control::Step::HeldBack:
      return reason;
    case control::Step::Started:
      return "started" + (reason.empty() ? "" : ": " + reason);
    case control::Step::Copied:
      return "copied " + printable(event.library.value_or("")) + " " +
             short_hash(event.hash.value_or(""));
    case control::Step::Loaded:
      return "loaded" + with_version(event.version);
    case control::Step::WorkerReady:
      return "ready " + counted(event);
    case control::Step::Canary:
      return reason;
    case control::Step::Switched:
      return "switched";
    case control::Step::Drained:
      return "drained " + counted(event);
    case control::Step::Done:
      return "done";
    case control::Step::Probation:
      return reason;
    case control::Step::ProbationPassed:
      return "probation passed";
    case control::Step::ProbationFailed:
      return "probation failed: " + reason;
    case control::Step::RolledBack:
      return "rolled back: " + reason;
    case control::Step::Unchanged:
      return "nothing has changed";
    case control::Step::Rejected:
    case control::Step::Refused:
      return "rejected: " + reason;
    case control::Step::Gone:
      return "gone";
  }
  return {};
}

std::string library_of(const control::Reload& reload) {
  std::string text;
  if (reload.workers) {
    text = ": " + std::to_string(*reload.workers) + (*reload.workers == 1 ? " worker" : " workers");
  }
  if (reload.version) text += ", version " + printable(*reload.version);
  if (reload.library) text += ", library " + printable(*reload.library);
  if (reload.hash) text += " " + short_hash(*reload.hash);
  return text;
}

std::string why(const char* what, const control::Reload& reload) {
  std::string text = what + (": " + printable(reload.reason.value_or(""))) + "\n";
  if (!reload.output.empty()) text += "last output of the process that failed:\n";
  for (const auto& line : reload.output) text += "  | " + printable(line) + "\n";
  return text;
}

}  // namespace

std::string line_of(const control::Event& event) {
  std::string name = printable(event.app);
  if (event.generation != 0) name += " " + std::to_string(event.generation);
  return (name.empty() ? "" : name + ": ") + text_of(event);
}

bool is_progress(const control::Event& event) {
  return event.step == control::Step::WorkerReady || event.step == control::Step::Drained;
}

std::string outcome_of(const control::Reload& reload) {
  std::string name = printable(reload.app);
  if (!name.empty()) name += ": ";
  if (reload.generation != 0) name += "generation " + std::to_string(reload.generation) + " is ";
  switch (reload.outcome) {
    case control::Outcome::Running:
      return name + "under way\n";
    case control::Outcome::Done:
      return name + "done in " + short_duration(reload.ended_ms.value_or(0)) +
             (reload.source ? ", back to the version of " + std::to_string(*reload.source) : "") +
             library_of(reload) + "\n";
    case control::Outcome::RolledBack:
      return name + why("rolled back", reload);
    case control::Outcome::Failed:
      return name + why("failing", reload);
    case control::Outcome::Unchanged:
      return printable(reload.app) + ": nothing has changed\n";
    case control::Outcome::Rejected:
    case control::Outcome::Refused:
      break;
  }
  return name + why("rejected", reload);
}

}  // namespace hupd::cli
