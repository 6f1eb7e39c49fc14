#include "history.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <random>

#include "core/step.hpp"
#include "world.hpp"

namespace hupd::sim {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(engine_() % limit); }
  bool percent(std::uint32_t chance) { return below(100) < chance; }
  Duration ms(std::uint32_t least, std::uint32_t most) {
    return Duration{least + below(most - least + 1)};
  }

 private:
  std::mt19937_64 engine_;
};

// How one history tends: a mood in which ready answers are rare is one of children that hang.
struct Mood {
  std::uint32_t time;                    // percent of the steps that are time passing
  std::uint32_t pause;                   // percent of these that are long pauses
  std::array<std::uint32_t, 5> weights;  // by Kind
};

Mood any_mood(Dice& dice) {
  Mood mood{};
  mood.time = 2 + dice.below(60);
  mood.pause = dice.percent(20) ? 20 : 1;
  mood.weights = {10 + dice.below(90), dice.percent(25) ? 0U : dice.below(30), dice.below(20),
                  dice.percent(70) ? 0U : 1U, 2};
  return mood;
}

Policy any_policy(Dice& dice) {
  Policy policy;
  policy.workers = dice.below(dice.percent(10) ? 7 : 5);
  policy.surge = dice.below(6);
  policy.max_draining = dice.below(4);
  policy.canary = dice.percent(60) ? 0 : dice.below(4);
  policy.canary_hold = dice.percent(20) ? core::hold_for_ever : dice.ms(0, 3'000);
  policy.keep = dice.below(3);
  policy.park = !dice.percent(20);
  policy.probation = dice.percent(50) ? Duration{0} : dice.ms(0, 10'000);
  policy.probation_crashes = dice.below(4);
  policy.boot_timeout = dice.ms(0, 3'000);
  policy.drain_timeout = dice.ms(0, 5'000);
  policy.kill_timeout = dice.ms(0, 1'000);
  policy.backoff_first = dice.ms(2, 200);
  policy.backoff_cap = dice.ms(200, 5'000);
  policy.backoff_jitter_percent = dice.below(101);
  policy.stable_after = dice.ms(0, 10'000);
  return policy;
}

std::optional<Event> any_event(Dice& dice, const Mood& mood, const std::vector<Choice>& choices) {
  std::uint32_t total = 0;
  const auto weight = [&](const Choice& c) {
    return mood.weights[static_cast<std::size_t>(c.kind)];
  };
  for (const Choice& choice : choices) total += weight(choice);
  if (total == 0) return std::nullopt;
  std::uint32_t left = dice.below(total);
  for (const Choice& choice : choices) {
    if (left < weight(choice)) return choice.event;
    left -= weight(choice);
  }
  return std::nullopt;
}

void pass_time(Dice& dice, const Mood& mood, World& world) {
  const std::optional<Time> deadline = core::next_deadline(world.app);
  if (dice.percent(mood.pause)) {
    world.model.now += dice.ms(0, 60'000);
    if (dice.percent(50)) return;  // what piled up meanwhile may be read before the clock is
  } else if (deadline && dice.percent(60)) {
    world.model.now = std::max(world.model.now, *deadline);
  } else {
    world.model.now += dice.ms(0, 500);
  }
  world.send(core::Tick{});
}

// Nothing that the core hears of: a client comes, or a worker turns its loop.
void move_connections(Dice& dice, Connections& connections) {
  if (connections.arrived < 20 && dice.percent(30)) connections.arrive();
  if (connections.holders.empty()) return;
  auto chosen = connections.holders.begin();
  std::advance(chosen, dice.below(static_cast<std::uint32_t>(connections.holders.size())));
  connections.turn(chosen->first);
}

}  // namespace

Outcome live(std::uint64_t seed, bool traced) {
  Dice dice(seed);
  const Mood mood = any_mood(dice);
  World world;
  world.traced = traced;
  world.app.random = seed;
  world.next_policy = any_policy(dice);

  int events = 0;
  const auto live_on = [&](std::uint32_t length) {
    for (; length > 0 && world.broken.empty(); --length, ++events) {
      if (dice.percent(50)) move_connections(dice, world.connections);
      if (dice.percent(10)) world.next_policy = any_policy(dice);
      if (dice.percent(mood.time)) {
        pass_time(dice, mood, world);
      } else if (const std::optional<Event> event = any_event(dice, mood, world.choices())) {
        world.send(*event);
      }
    }
  };
  live_on(20 + dice.below(280));
  const bool stopped_in_the_middle = dice.percent(20);
  if (world.broken.empty() && !stopped_in_the_middle) world.come_to_rest();
  if (world.broken.empty()) {
    world.send(core::StopRequested{core::StopMode::Graceful});
    if (dice.percent(50)) live_on(dice.below(30));
    world.come_to_rest();
  }
  return {std::move(world.broken), std::move(world.trace), events};
}

Search search(std::uint64_t first, std::uint64_t histories) {
  Search search;
  for (std::uint64_t seed = first; search.tried < histories; ++seed) {
    Outcome outcome = live(seed);
    ++search.tried;
    search.events += static_cast<std::uint64_t>(outcome.events);
    if (outcome.broken.empty()) continue;
    search.failing_seed = seed;
    search.broken = std::move(outcome.broken);
    break;
  }
  return search;
}

}  // namespace hupd::sim
