// The rules of which versions are kept, and when one comes back. A part of rules.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/state.hpp"

namespace hupd::core::rules {

// What served well is kept to go back to; not one that failed, nor one of which it is not known
// yet, nor one that is the same as what follows it where a different one can be kept: a reload for
// the log's sake is no new version.
constexpr bool is_kept(GenerationState state, Probation probation, std::size_t younger,
                       std::uint32_t keep, bool is_same) {
  const bool served = state == GenerationState::Parked || state == GenerationState::Serving;
  return served && probation == Probation::None && younger < keep && !is_same;
}

// What was good before needs no proof, and without it there is nothing to go back to.
constexpr bool begins_probation(Duration time, bool goes_back, bool has_kept) {
  return time > Duration{0} && !goes_back && has_kept;
}
constexpr bool fails_probation(std::uint32_t losses, std::uint32_t crashes) {
  return losses > crashes;
}

// The first way back may fail with the parked zygote (stuck, say); the second starts one from the
// copy. After that it is a person's matter.
constexpr std::uint32_t most_ways_back = 2;
constexpr bool tries_again(std::uint32_t ways_back) { return ways_back < most_ways_back; }

// A newer deploy, under way or asked for, may be the remedy; a canary may wait for ever, so it
// gives way. (It has its number already, too: the next one, see control::Ticket.)
constexpr bool may_go_back(bool one_in_flight, bool wanted) { return !one_in_flight && !wanted; }

}  // namespace hupd::core::rules
