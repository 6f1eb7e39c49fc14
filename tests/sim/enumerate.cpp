// enumerate [--shallower N]: every sequence of events up to a depth, from each of a few starting
// points. Two sequences that lead to the same state of everything are followed once.
#include <chrono>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/step.hpp"
#include "describe.hpp"
#include "fingerprint.hpp"
#include "world.hpp"

namespace hupd::sim {
namespace {

struct Start {
  std::string name;
  Policy policy;
  std::vector<Event> prefix;
  int depth;
};

Policy small(std::uint32_t workers, std::uint32_t surge) {
  Policy policy;
  policy.workers = workers;
  policy.surge = surge;
  policy.backoff_jitter_percent = 0;
  return policy;
}

class Enumeration {
 public:
  explicit Enumeration(const Start& start) : seen_(static_cast<std::size_t>(start.depth) + 1) {
    World world;
    world.next_policy = start.policy;
    for (const Event& event : start.prefix) world.send(event);
    explore(world, start.depth);
  }

  std::uint64_t steps() const { return steps_; }
  const std::vector<std::string>& failure() const { return failure_; }

 private:
  // Depth-first; the depth is small and bounded.
  void explore(const World& world, int depth) {
    if (!failure_.empty()) return;
    if (!seen_[static_cast<std::size_t>(depth)].insert(fingerprint(world)).second) return;
    if (depth == 0) {
      check_end(world);
      return;
    }
    for (const Choice& choice : world.choices()) {
      World next = world;
      path_.push_back(describe(choice.event));
      next.send(choice.event);
      follow(next, depth);
    }
    World next = world;
    path_.push_back("time passes");
    if (next.tick_at_deadline()) {
      follow(next, depth);
    } else {
      path_.pop_back();
    }
  }

  void follow(const World& next, int depth) {
    ++steps_;
    if (next.broken.empty()) {
      explore(next, depth - 1);
    } else {
      fail(next);
    }
    path_.pop_back();
  }

  void check_end(const World& world) {
    World rest = world;
    rest.come_to_rest();
    if (!rest.broken.empty()) fail(rest);
  }

  void fail(const World& world) {
    if (!failure_.empty()) return;
    failure_ = path_;
    for (const std::string& promise : world.broken) failure_.push_back("broken: " + promise);
  }

  std::vector<std::string> path_;
  std::vector<std::string> failure_;
  std::vector<Fingerprints> seen_;  // by depth that is left
  std::uint64_t steps_ = 0;
};

std::vector<Start> starts() {
  using namespace core;
  const Policy one = small(1, 1);
  const Policy two = small(2, 2);
  const Policy batches = small(2, 1);
  Policy hurried = one;
  hurried.max_draining = 1;
  Policy careful = two;
  careful.canary = 1;
  careful.canary_hold = core::hold_for_ever;
  const std::vector<Event> serving{StartRequested{}, Prepared{1, one}, ZygoteReady{1},
                                   WorkerForked{1},  WorkerReady{1},   ReloadRequested{}};
  const auto serving_two = [](const Policy& policy) {
    return std::vector<Event>{StartRequested{}, Prepared{1, policy}, ZygoteReady{1},
                              WorkerForked{1},  WorkerForked{2},     WorkerReady{1},
                              WorkerReady{2},   ReloadRequested{},   Prepared{2, policy},
                              ZygoteReady{2}};
  };
  std::vector<Event> mid_switch = serving_two(batches);
  mid_switch.insert(mid_switch.end(), {WorkerForked{3}, WorkerReady{3}, WorkerExited{2, {}}});
  std::vector<Event> draining{StartRequested{},     Prepared{1, hurried}, ZygoteReady{1},
                              WorkerForked{1},      WorkerReady{1},       ReloadRequested{},
                              Prepared{2, hurried}, ZygoteReady{2},       WorkerForked{2},
                              WorkerReady{2},       ReloadRequested{}};
  Policy tried = one;
  tried.keep = 1;
  tried.probation = Duration{5'000};
  tried.probation_crashes = 1;
  std::vector<Event> on_probation{
      StartRequested{},  Prepared{1, tried}, ZygoteReady{1}, WorkerForked{1}, WorkerReady{1},
      ReloadRequested{}, Prepared{2, tried}, ZygoteReady{2}, WorkerForked{2}, WorkerReady{2}};
  return {
      {"a first start with one worker", one, {}, 11},
      {"a reload with one worker", one, serving, 6},
      {"a reload of two, at once", two, serving_two(two), 5},
      {"a reload of two, one by one", batches, serving_two(batches), 5},
      {"a reload of two, between the batches", batches, mid_switch, 5},
      {"a reload of two, with a canary", careful, serving_two(careful), 5},
      {"a reload that waits for a generation to drain", hurried, draining, 6},
      {"a probation, with a way back", tried, on_probation, 5},
  };
}

}  // namespace
}  // namespace hupd::sim

int main(int argc, char** argv) {
  using namespace hupd::sim;
  const bool shallower = argc == 3 && std::string_view(argv[1]) == "--shallower";
  if (argc != 1 && !shallower) {
    std::cerr << "usage: " << argv[0] << " [--shallower N]\n";
    return 2;
  }
  for (Start start : starts()) {
    if (shallower) start.depth -= std::stoi(argv[2]);
    const auto begun = std::chrono::steady_clock::now();
    const Enumeration enumeration(start);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::cout << start.name << ": depth " << start.depth << ", " << enumeration.steps()
              << " steps, " << took.count() << " s\n";
    if (enumeration.failure().empty()) continue;
    for (const std::string& line : enumeration.failure()) std::cout << "  " << line << "\n";
    return 1;
  }
  return 0;
}
