// What each generation of an app lived through, out of the record of its reloads: that has when
// each was started and switched to; until when it served, and how long it drained, is in the record
// of the one that took over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/messages.hpp"

namespace hupd::cli {

using Ago = std::uint64_t;  // milliseconds before the record was told

enum class Phase { Starts, Canary, Serves, Drains };

struct Lived {
  Phase phase;
  Ago from;
  std::optional<Ago> to;  // nothing: it goes on
};

struct Life {
  std::uint64_t generation = 0;
  bool is_rejected = false;
  std::vector<Lived> phases;  // in order, each begins where the one before ends

  Ago began() const { return phases.front().from; }
  const Lived* find(Phase phase) const;  // null: it did not come to that
};

// Oldest first. Reloads that did not come to a generation, or found nothing to change, have none.
std::vector<Life> lives_of(const control::History& history, const std::string& app);

}  // namespace hupd::cli
