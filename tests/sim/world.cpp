#include "world.hpp"

#include <algorithm>

#include "core/step.hpp"
#include "describe.hpp"
#include "invariants.hpp"

namespace hupd::sim {
namespace {

constexpr int long_enough = 5'000;  // steps that every app needs at most to come to rest

}  // namespace

std::vector<Action> World::send(const Event& event) {
  const std::vector<Action> actions = core::step(app, event, model.now);
  if (traced) {
    std::string line = std::to_string(model.now.count()) + " " + describe(event) + " ->";
    for (const Action& action : actions) line += " " + describe(action) + ";";
    trace.push_back(std::move(line));
  }
  for (std::string& promise : check_step(model, event, actions, app)) {
    broken.push_back(std::move(promise));
  }
  for (std::string& promise : connections.follow(event, actions, model)) {
    broken.push_back(std::move(promise));
  }
  return actions;
}

bool World::tick_at_deadline() {
  const std::optional<Time> deadline = core::next_deadline(app);
  if (!deadline) return false;
  model.now = std::max(model.now, *deadline);
  send(core::Tick{});
  return true;
}

void World::come_to_rest() {
  const Connections before = connections;
  const bool stops = model.stopping;
  for (int step = 0; step < long_enough && broken.empty(); ++step) {
    connections.come_to_rest();
    const std::vector<Choice> possible = choices();
    const auto natural = std::find_if(possible.begin(), possible.end(), [](const Choice& choice) {
      return choice.kind == Kind::Natural &&
             !std::holds_alternative<core::StartRequested>(choice.event);
    });
    if (natural != possible.end()) {
      send(natural->event);
    } else if (!tick_at_deadline()) {
      for (std::string& promise : check_rest(model)) broken.push_back(std::move(promise));
      if (!stops) return;
      for (std::string& promise : check_stopped(before, connections)) {
        broken.push_back(std::move(promise));
      }
      return;
    }
  }
  if (broken.empty()) broken.emplace_back("every app comes to rest");
}

}  // namespace hupd::sim
