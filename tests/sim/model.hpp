// What is really there, as far as an edge could know it: the processes that were started, the last
// order that each was given, what each did by itself. It is kept from events and actions alone,
// never from the core's state, and every promise of the core is checked against it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/actions.hpp"
#include "core/events.hpp"

namespace hupd::sim {

using core::Action;
using core::Duration;
using core::Event;
using core::GenerationId;
using core::Policy;
using core::Time;
using core::WorkerId;

enum class Boot { Requested, Forked, Ready };
enum class Own { Well, Failed };
enum class Order { None, Accept, Drain, Quit, Abort, Kill };

struct WorkerModel {
  GenerationId generation = 0;
  std::uint32_t slot = 0;
  Boot boot = Boot::Requested;
  Own own = Own::Well;
  Order order = Order::None;
  Time since{0};            // of the last order or own doing, whichever came later
  Time accepted_at{-1};     // -1: never
  bool unkillable = false;  // reported
  bool worn = false;        // since it accepts
  bool no_room = false;     // draining, it has waited for others
  WorkerId relieves = 0;    // who has the slot that it is to take over; 0: it is no relief

  bool is_relief() const { return relieves != 0; }
  bool accepts() const { return order == Order::Accept && own == Own::Well; }
  bool drains() const { return order == Order::Drain; }
  // Neither told to go nor going by itself: it counts towards its generation's strength.
  bool stays() const {
    return own == Own::Well && (order == Order::None || order == Order::Accept);
  }
};

enum class ZygoteLife { None, Starting, Ready, Failed, Leaving, Killed };
enum class Verdict { None, Done, Rejected, Superseded };
enum class Trial { None, Running, Failed, Answered };

struct Loss {
  Time retry_at{0};
  std::optional<std::uint32_t> failures;  // in a row; nothing: not known to the model
};

struct GenerationModel {
  bool prepared = false;
  Policy policy;
  std::size_t target = 0;
  ZygoteLife zygote = ZygoteLife::None;
  Time zygote_since{0};
  Verdict verdict = Verdict::None;
  bool switched = false;
  bool is_canary = false;   // some accept, and it has not switched
  GenerationId source = 0;  // what it goes back to; 0: it is a new version
  bool parked = false;      // superseded, and to be gone back to
  Trial trial = Trial::None;
  Time trial_ends{0};
  std::uint32_t trial_losses = 0;
  int ways_back = 0;                     // begun for it
  bool is_same = false;                  // as what served when it was loaded
  std::map<std::uint32_t, Loss> losses;  // by slot
  bool failures_known = true;            // until slots were dropped and added

  void forget_failures() {
    losses.clear();
    failures_known = false;
  }
};

struct Model {
  Time now{0};
  std::map<GenerationId, GenerationModel> generations;  // from Prepare to Forget
  std::map<WorkerId, WorkerModel> workers;              // from ForkWorker to WorkerExited
  GenerationId last_generation = 0;
  WorkerId last_worker = 0;
  GenerationId in_flight = 0;
  GenerationId serving = 0;
  bool started = false;
  bool trigger = false;    // a reload is owed
  bool held_back = false;  // and why it waits was said
  bool stopping = false;
  bool start_failed = false;
  bool lost_with_master = false;  // by the event at hand: what is in flight
  bool quick = false;
  int stopped = 0;  // how often Stopped was said

  // What an event changes out there. One that cannot be true any more changes nothing.
  void happened(const Event& event);
  // What an action changes out there.
  void carried_out(const Action& action);

  std::size_t accepting() const;
  std::size_t accepting(GenerationId generation) const;
  std::size_t staying(GenerationId generation) const;
  // Reliefs, and who drains.
  std::size_t beyond(GenerationId generation) const;
  // The one to go back to; 0: there is none.
  GenerationId youngest_parked() const;
  bool is_rollback(GenerationId id) const;
  // Generations of which somebody is there who goes, and nobody accepts.
  std::size_t draining() const;
  // The serving generation's; 1 at least.
  std::size_t max_draining() const;
  GenerationModel* find(GenerationId id);
  const GenerationModel* find(GenerationId id) const;
  WorkerModel* find_worker(WorkerId id);
  const WorkerModel* find_worker(WorkerId id) const;
};

}  // namespace hupd::sim
