// What a master knows of one app beside its core's state: see image.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "control/status.hpp"
#include "core/state.hpp"
#include "json/concepts.hpp"

namespace hupd::image {

using Time = std::chrono::milliseconds;  // monotonic, as the core has it
using Key = std::uint64_t;               // names descriptors, see image.hpp

// A process. Its descriptors: pidfd; channel and output, unless their other end is closed.
struct Child {
  Key key = 0;
  std::string app;
  std::uint64_t generation = 0;
  std::uint32_t slot = 0;
  std::int32_t pid = 0;     // 0: it was not announced yet
  bool is_adopted = false;  // it is no child of the master, which will not reap it
  json::Bytes partial;      // of its output: a line whose end has not come
  std::deque<std::string> last_lines;
  Time farewell{0};  // that it may live beyond the end of its channel
};

struct Worker {
  core::WorkerId id = 0;
  std::uint32_t page = 0;
  Child child;
  bool ready_unborn = false, released = false, hands_over = false;
  bool was_ready = false, is_worn = false, asks_to_go = false, leaves_unasked = false;
  std::uint64_t cut = 0;
  std::optional<std::string> unwell;
  control::Counts counted;
  core::GenerationId copies_for = 0, successors = 0;
  std::uint32_t legacies_due = 0;
};

// Its zygote has yet to be asked. Descriptors of the worker's child: its own ends of both.
struct ForkOrder {
  core::WorkerId worker = 0;
  std::uint32_t slot = 0;
};

struct Condemned {
  std::string hash, plan, reason;
};

struct Expectation {
  std::map<std::string, std::string> failed;
  std::string serving;
  bool is_done_then = false;
};

struct Generation {
  core::GenerationId id = 0, source = 0;
  std::string plan;            // config::parse_plan
  std::vector<Key> listeners;  // of the master's, in order
  std::string directory, copy, hash, version;
  std::vector<std::string> last_lines;
  bool unfit = false, unchanged = false;
  Expectation expected;
  std::optional<Child> zygote;
  std::vector<Worker> workers;
  std::vector<ForkOrder> waiting;
  std::uint64_t being_forked = 0;
  control::Counts counts;
  std::uint32_t adoption_deaths = 0;
};

// What workers have left to others, see master/estate.hpp. Descriptor: legacy.
struct Legacy {
  std::uint64_t id = 0;
  Key key = 0;
  std::uint32_t version = 0;
  core::GenerationId from_generation = 0;
  core::WorkerId by = 0;
  std::uint32_t slot = 0;
  core::GenerationId successors = 0;
  bool is_copy = false, is_settled = false;
  core::WorkerId heir = 0;
};
struct Taking {  // by a worker
  std::uint64_t given = 0, in_hand = 0;
};
struct Legacies {
  std::uint64_t last = 0;
  std::vector<Legacy> left;
  std::map<core::WorkerId, Taking> taking;
  std::map<core::GenerationId, std::uint32_t> deaths;
  std::set<core::WorkerId> waiting, unanswered;
  core::GenerationId on_behalf_of = 0;
  Time until = core::never;
};

// The drains that clients are told of.
struct Drain {
  core::GenerationId id = 0;
  std::set<core::WorkerId> left;
  std::uint64_t all = 0;
};
struct Progress {
  core::GenerationId id = 0;
  bool copied = false, loaded = false, complete = false;
  std::uint64_t ready = 0;
  std::vector<Drain> drains;
};

struct ReloadOptions {
  bool force = false, only_changed = false;
};

enum class Standing { First, Added, Dropped, Leaving };

// Descriptors: board, queue-in, queue-out.
struct App {
  Key key = 0;
  std::string name;
  Standing standing = Standing::First;
  core::AppState core;
  std::vector<core::Action> unfinished;  // decided, and the first of them may have been carried out
  std::vector<Generation> generations;
  Legacies legacies;
  Progress progress;
  control::Counts counts;
  bool told_end_handover = false, told_queue_ends = false, told_stopping = false;
  std::map<std::uint32_t, std::uint32_t> restarts;
  std::uint64_t probations_failed = 0, lost = 0;
  std::map<control::Outcome, std::uint64_t> outcomes;
  core::GenerationId current = 0, served = 0;
  std::optional<core::StopOutcome> stopped;
  Time kill_timeout{0};
  std::vector<Condemned> condemned;
  std::optional<ReloadOptions> wanted;
  bool misconfigured = false;
};

}  // namespace hupd::image
