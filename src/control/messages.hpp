// What a control client and the master say to each other, as plain data: a request, and what may
// come back. Each is one line of JSON; fields.hpp names its keys, words.hpp
// its choices, schema/ describes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "control/status.hpp"

namespace hupd::control {

// Goes up when a key changes its meaning or is gone; new keys in replies do not count.
inline constexpr std::uint32_t protocol_version = 1;
inline constexpr std::size_t longest_request = 64UL * 1024;

enum class Command {
  Status,
  History,
  Reload,
  Wait,
  Watch,
  Scale,
  Stop,
  ReopenLogs,
  Rollback,
  Promote,
  Abort,
  Upgrade
};

// Who may only ask may send these.
constexpr bool only_asks(Command command) {
  return command == Command::Status || command == Command::History || command == Command::Wait ||
         command == Command::Watch;
}

struct Request {
  std::uint32_t version = protocol_version;
  Command command = Command::Status;
  std::vector<std::string> apps;  // empty: all
  bool wait = true;       // reload, rollback, promote: answer when it is over; false: at once
  bool steps = false;     // of these and wait: events on the way
  bool drained = false;   // of these: over means that the old workers are gone
  bool probation = true;  // of these: over means that probation is
  bool force = false;     // reload: also of what has failed its probation
  bool changed = false;   // reload: of nothing that is as it was
  std::optional<std::uint64_t> to;       // rollback: a generation that is kept; the youngest
  std::optional<std::uint32_t> workers;  // scale
  bool quick = false;                    // stop
  bool operator==(const Request&) const = default;
};

enum class Step {
  Requested,
  HeldBack,  // as many old generations drain as may
  Started,
  Copied,       // the library, into the private copy: its hash is known
  Loaded,       // the zygote has it, checked: its version is known
  WorkerReady,  // `count` of `of`
  Canary,       // `count` new workers accept beside all old ones; `reason` says for how long
  Switched,     // the new ones accept
  Drained,      // `count` of `of` old workers have ended
  Done,
  Probation,  // has begun; `reason` says how long
  ProbationPassed,
  ProbationFailed,  // the version before comes back
  RolledBack,       // it has
  Unchanged,        // nothing to do: library and configuration are those that serve
  Rejected,
  Refused,  // for all apps, by a fault of the configuration: nothing was tried
  Gone      // it is no app of this master any more
};

// Something happened in a reload.
struct Event {
  std::string time = {};  // RFC 3339, UTC
  Step step = Step::Requested;
  std::string app = {};          // empty: all
  std::uint64_t generation = 0;  // 0: none yet
  std::optional<std::uint32_t> count = {}, of = {};
  std::optional<std::string> version = {}, hash = {}, library = {};
  std::optional<std::string> reason = {};
  std::vector<std::string> output = {};  // last lines of the process that failed
};

struct History {
  std::vector<Reload> reloads;  // oldest first
};

// Answers reload, wait and upgrade, when all that was asked for is over.
struct Result {
  std::uint32_t exit_code = 0;         // what `hupd reload` exits with
  std::vector<Reload> reloads;         // one for each app
  std::optional<std::string> refused;  // why nothing was tried: the configuration's faults
  std::optional<std::string> hupd;     // upgrade: the version that goes on
};

// It was done, or is under way; of reload without `wait`: what it becomes.
struct Accepted {
  std::vector<Ticket> tickets;
};

enum class Problem { Request, Permission, UnknownApp, Busy, Stopping, Impossible };

struct Error {
  Problem error = Problem::Request;
  std::string text;
};

using Reply = std::variant<Status, History, Event, Result, Accepted, Error>;

}  // namespace hupd::control
