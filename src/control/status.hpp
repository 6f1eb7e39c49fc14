// The state of a master and its apps, as it is told to control clients. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hupd::control {

// A request to reload becomes the next generation of the app to be started, together with whatever
// else asked for one by then: it is prepared after the request, from the configuration that the
// request read, or a younger one, and from the library as it is after the request. Its number is
// known at the request already, since a reload takes the number after the last one and none is used
// twice. So (app, generation) is the ticket by which the one result that is the requester's own is
// found.
struct Ticket {
  std::string app;
  std::uint64_t generation = 0;
  bool operator==(const Ticket&) const = default;
};

enum class Outcome {
  Running,
  Done,
  Rejected,
  Refused,
  RolledBack,  // it was done, and failed its probation: the version before serves again
  Failed,      // it failed its probation, and the way back failed, or another reload came first
  Unchanged
};

// One reload, or start, of one app; while it goes on: as far as it has come.
struct Reload {
  std::uint64_t number = 0;  // of all that this master has known, in order
  std::string app;           // empty: all, refused before anything was tried
  std::uint64_t generation = 0;
  Outcome outcome = Outcome::Running;
  bool is_start = false;                // none served before
  bool by_itself = false;               // nobody asked for it: a probation had failed
  std::optional<std::uint64_t> source;  // the generation to whose version it goes back
  bool probation = false;               // done, and not passed yet
  std::string started;                  // RFC 3339, UTC
  std::optional<std::string> version, hash, library;
  std::optional<std::uint32_t> workers;
  std::optional<std::string> reason;
  std::vector<std::string> output;      // last lines of the process that failed
  std::optional<std::uint64_t> age_ms;  // since its start, when it is told
  // When each step was taken, in milliseconds from its start.
  std::optional<std::uint64_t> copied_ms, loaded_ms, canary_ms, switched_ms, ended_ms, drained_ms;
  std::optional<std::uint64_t> gone_ms;  // and when the app was, whose last version it was
};

// What workers have done, by their own count. It goes up only, for as long as there is the worker,
// the generation or the app that it is told of; what is of workers that have ended, stays in.
struct Counts {
  std::uint64_t accepted = 0;    // connections, those that were taken over included
  std::uint64_t taken_over = 0;  // from another worker
  std::uint64_t requests = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t timeouts = 0;  // connections that a time limit ended
  std::uint64_t refused = 0;   // requests that hupd itself answered with an error
  bool operator==(const Counts&) const = default;
};

struct WorkerStatus {
  std::uint32_t slot = 0;
  std::uint32_t pid = 0;              // 0: none yet
  std::string state;                  // of src/core/state.hpp, in lower case
  std::optional<std::string> unwell;  // why, by its own word; nothing: it is well
  std::uint32_t connections = 0;
  Counts counts;
  std::uint32_t restarts = 0;           // workers that its slot has lost in this generation
  std::optional<std::uint64_t> age_ms;  // since it accepts
  // Read from /proc by the client, who can wait for it: the kernel walks all of a process's pages.
  std::optional<std::uint64_t> pss_bytes, rss_bytes, cpu_ms;
};

// A slot that waits for its next try.
struct BackoffStatus {
  std::uint32_t slot = 0;
  std::uint32_t failures = 0;  // in a row
  bool degraded = false;
  std::uint64_t retry_in_ms = 0;
};

struct GenerationStatus {
  std::uint64_t generation = 0;
  std::string state;
  std::string version, hash, library;
  std::uint64_t age_ms = 0;  // since its reload was started
  std::optional<std::uint64_t> preload_ms;
  std::optional<std::uint64_t> source;             // whose version it is
  std::optional<std::uint64_t> probation_left_ms;  // while it is on probation
  // While it is a canary; nothing: until somebody decides.
  std::optional<std::uint64_t> canary_left_ms;
  std::string zygote;  // its state
  std::uint32_t zygote_pid = 0;
  std::optional<std::uint64_t> zygote_pss_bytes;  // read by the client
  Counts counts;                                  // of all workers that it has had
  std::vector<WorkerStatus> workers;
  std::vector<BackoffStatus> backoff;
};

struct OutcomeCount {
  Outcome outcome = Outcome::Done;
  std::uint64_t count = 0;
};

struct AppStatus {
  std::string app;
  std::string state;          // new, running, stopping or stopped
  std::uint64_t serving = 0;  // generation; 0: none
  std::uint32_t workers = 0;  // wanted
  bool reload_waits = false;  // requested, and not started yet
  std::vector<std::string> listeners;
  std::vector<GenerationStatus> generations;  // oldest first
  std::optional<Reload> last_reload;
  std::optional<Reload> last_ended;     // when that is another one
  std::vector<OutcomeCount> reloads;    // and starts, that have ended: each outcome that there is
  std::uint64_t probations_failed = 0;  // versions that were done, and went back
  std::uint64_t lost = 0;               // workers that ended without being asked
  Counts counts;                        // of all workers of all its generations
};

// How a master has come down to the one that runs.
struct Past {
  std::uint64_t upgrades = 0;          // another program took its place
  std::uint64_t upgrades_refused = 0;  // one could not
  std::uint64_t deaths = 0;            // and another one went on with what it had
  std::optional<std::string> revived;  // when, after the last: RFC 3339, UTC
  bool operator==(const Past&) const = default;
};

// Who has what another master would go on with if this one died.
enum class Keeper {
  Nobody,  // workers end with it
  ServiceManager,
  Process  // of hupd's own
};

struct Keeping {
  Keeper keeper = Keeper::Nobody;
  // Descriptors that it should have, and does not have yet; one more while it has not read all that
  // it was sent.
  std::uint64_t missing = 0;
  bool operator==(const Keeping&) const = default;
};

struct Status {
  std::string hupd;  // the program's version
  std::uint32_t pid = 0;
  std::uint64_t age_ms = 0;
  std::string started;  // RFC 3339, UTC
  bool stopping = false;
  std::uint64_t refused = 0;  // reloads, by faults of the configuration
  Past past;
  Keeping keeping;
  std::vector<AppStatus> apps;
};

}  // namespace hupd::control
