// A core in a world, told as a story: what happens to generations and slots, and what the core did
// about it. Every step is checked against all invariants (tests/sim/invariants.hpp).
#pragma once

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "describe.hpp"
#include "world.hpp"

namespace hupd::core {

using namespace std::chrono_literals;

class Story {
 public:
  explicit Story(const Policy& policy);
  ~Story();

  // What happens. `web.worker(2, 1)` is the newest worker of generation 2, slot 1.
  void happens(const Event& event);
  void start() { happens(StartRequested{}); }
  void reload() { happens(ReloadRequested{}); }
  void stop(StopMode mode = StopMode::Graceful) { happens(StopRequested{mode}); }
  void prepared(GenerationId generation);
  void prepared(GenerationId generation, const Policy& policy);
  void zygote_ready(GenerationId generation) { happens(ZygoteReady{generation}); }
  void zygote_dies(GenerationId generation);
  void ready(GenerationId generation, std::uint32_t slot);
  void all_ready(GenerationId generation);
  void dies(GenerationId generation, std::uint32_t slot);
  void dies(WorkerId worker);
  void leaves(WorkerId worker) { happens(WorkerExited{worker, {true, "exit code 0"}}); }
  void all_leave(GenerationId generation);  // workers and zygote that were told to
  void passes(Duration duration);           // ticking at every deadline on the way

  // From nothing to a serving generation 1.
  void serves();
  // From a trigger to standby workers of this generation, all but accepting.
  void boots(GenerationId generation);

  WorkerId worker(GenerationId generation, std::uint32_t slot) const;
  std::size_t accepting(GenerationId generation) const {
    return world_.model.accepting(generation);
  }
  std::size_t alive() const { return world_.model.workers.size(); }

  // What the core did, in words, since the last event or over the last stretch of time.
  std::vector<std::string> did() const;
  template <typename A>
  std::vector<A> all() const {
    std::vector<A> found;
    for (const Action& action : actions_) {
      if (const A* match = std::get_if<A>(&action)) found.push_back(*match);
    }
    return found;
  }
  template <typename A>
  bool has() const {
    return !all<A>().empty();
  }

 private:
  void send(const Event& event);

  sim::World world_;
  std::vector<Action> actions_;
};

Policy policy_of(std::uint32_t workers, std::uint32_t surge);

}  // namespace hupd::core
