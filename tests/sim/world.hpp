// One app and what is really there: sends it events, keeps the model, and knows what could happen
// next. Copies of it are worlds of their own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "connections.hpp"
#include "core/state.hpp"
#include "model.hpp"

namespace hupd::sim {

enum class Kind {
  Natural,   // a process does what it was started or told to do
  Fault,     // it fails, dies, stalls, or leaves unasked
  Operator,  // reload, scale
  Stop,
  Noise  // an event that came too late: it must change nothing
};

struct Choice {
  Kind kind;
  Event event;
};

struct World {
  core::AppState app;
  Model model;
  Connections connections;
  Policy next_policy;               // what the next Prepared brings
  std::vector<std::string> broken;  // promises broken so far
  bool traced = false;
  std::vector<std::string> trace;

  // Returns what the core decided, after the model has carried it out and everything was checked.
  std::vector<Action> send(const Event& event);
  // Turns the clock to the next deadline and ticks. False: nothing waits.
  bool tick_at_deadline();
  // From now on every process does what it was told, and time goes on until nothing happens any
  // more; then the app must be at full strength, or stopped.
  void come_to_rest();

  // Everything that could happen now, besides time.
  std::vector<Choice> choices() const;
};

}  // namespace hupd::sim
