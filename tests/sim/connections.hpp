// The app's connections, each in exactly one place: where it waits to be accepted, in a worker's
// hands, in the hand-over queue, or at its end. Workers do with them what src/worker does; how far
// each has come is the history's to choose.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model.hpp"

namespace hupd::sim {

// Faults that can be planted in how the queue is used, one at a time.
enum class QueueFault { None, SentAndKept, LeftBeforeItsEnd, WrittenAfterItsEnd, Count };
inline QueueFault active_queue_fault = QueueFault::None;

struct Connections {
  enum class Role {
    Serves,     // accepts, and takes from the hand-over queue
    HandsOver,  // retires while others serve
    Last,       // the app ends: serves what it has and what is in the queue
  };
  struct Holder {
    Role role = Role::Serves;
    bool may_lose = false;  // it failed, or was told to leave at once
    std::vector<int> hand;
  };

  std::map<WorkerId, Holder> holders;  // from Accept to their end
  std::vector<int> listening;          // in the listening socket's queue
  std::vector<int> queue;              // in the hand-over queue
  std::vector<int> closed;
  std::vector<int> lost;
  int arrived = 0;
  bool stopping = false;

  void arrive() { listening.push_back(++arrived); }
  // One turn of a worker's loop. False: it has nothing to do.
  bool turn(WorkerId worker);
  // Every worker turns until none has anything to do.
  void come_to_rest();
  // It has served or given away all that it has to.
  bool may_leave(WorkerId worker) const;

  // What a step means for them; `model` has taken it in. Returns the promises that were broken.
  std::vector<std::string> follow(const Event& event, const std::vector<Action>& actions,
                                  const Model& model);

 private:
  void ordered(const Action& action);
  bool may_come() const;  // somebody hands over
};

// A stop without faults has come to its end: who was in the hands of workers that were well, or in
// the hand-over queue beside them, was served.
std::vector<std::string> check_stopped(const Connections& before, const Connections& after);

}  // namespace hupd::sim
