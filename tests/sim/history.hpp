// Random histories, each the consequence of its seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hupd::sim {

struct Outcome {
  std::vector<std::string> broken;  // empty: every promise was kept
  std::vector<std::string> trace;   // when asked for
  int events = 0;
};

// A life of one app: children that die, hang, answer late, fail; triggers in storms, scaling, stops
// in the middle, a zygote killed, a master that was paused. At its end the faults stop and the app
// must come to full strength, and then stop without a remainder.
Outcome live(std::uint64_t seed, bool traced = false);

struct Search {
  std::uint64_t tried = 0;
  std::uint64_t events = 0;
  std::uint64_t failing_seed = 0;
  std::vector<std::string> broken;  // of the failing one; empty: none failed
};

// Lives `histories` seeds from `first`, until one fails.
Search search(std::uint64_t first, std::uint64_t histories);

}  // namespace hupd::sim
