// One app: its core, and the edge that carries the core's decisions out.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "core/stall.hpp"
#include "core/step.hpp"
#include "master/board.hpp"
#include "master/generation.hpp"
#include "master/news.hpp"
#include "os/reap.hpp"

namespace hupd::master {

// What all apps of a master share. Outlives the supervisors.
struct Shared {
  uv_loop_t* loop;
  Listeners& listeners;
  News& news;
  std::string runtime_dir;
  // The app as configured now, or why it cannot be had; called at each reload.
  std::function<tl::expected<config::App, std::string>(const std::string& name)> configuration;
};

class Supervisor {
 public:
  Supervisor(Shared& shared, std::string name, Board board, std::uint64_t seed);
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  const std::string& name() const { return name_; }

  // Events wait until settle(): nothing is decided inside a callback of a child.
  void post(core::Event event) { events_.push_back(std::move(event)); }
  // Steps the core through what waits and carries out what it decides; before the loop waits.
  void settle();

  // Reads every channel. The master does so before it reaps: what a process said, and that it
  // was born, is known before its end.
  void catch_up();
  // True when it was a process of this app.
  bool exited(const os::Reaped& reaped);
  // About once a second: who has stalled?
  void look_for_stalls();

  std::optional<core::StopOutcome> stopped() const { return stopped_; }
  // The last reload or start failed by its configuration or addresses, not by the application.
  bool prepare_failed() const { return prepare_failed_; }

 private:
  using Gen = core::GenerationId;
  using Id = core::WorkerId;

  // Carrying out: one overload an action (supervisor_actions.cpp).
  void carry_out(const core::Prepare&);
  void carry_out(const core::StartZygote&);
  void carry_out(const core::RetireZygote&);
  void carry_out(const core::KillZygote&);
  void carry_out(const core::ForkWorker&);
  void carry_out(const core::Accept&);
  void carry_out(const core::Drain&);
  void carry_out(const core::Quit&);
  void carry_out(const core::Abort&);
  void carry_out(const core::Kill&);
  void carry_out(const core::Forget&);
  void carry_out(const core::Switched&);
  void carry_out(const core::ReloadDone&);
  void carry_out(const core::ReloadRejected&);
  void carry_out(const core::Stopped&);
  void carry_out(const core::ReloadStarted&);
  void carry_out(const core::WorkerLost&);
  void carry_out(const core::DrainOverdue&);
  void carry_out(const core::Unkillable&);

  // Processes (supervisor_processes.cpp).
  os::Result<Generation> prepare(Gen id);
  os::Result<void> start_zygote(Generation& generation);
  os::Result<void> fork_worker(Generation& generation, const core::ForkWorker& order);
  void zygote_says(Generation& generation, wire::Letter& letter);
  void worker_says(Generation& generation, Id id, wire::Letter& letter);
  void announced(Generation& generation, const wire::Forked& forked, wire::Letter& letter);
  void worker_ready(const WorkerProcess& process);
  void channel_ended(Generation& generation, Id id);
  void give_up_unborn();
  void note_failure(Generation& generation, Child& child);
  void ended(Generation& generation, WorkerProcess& process,
             const std::optional<os::Reaped>& reaped);

  Generation* generation(Gen id);
  WorkerProcess* worker(Id id);
  Generation* generation_of(Id id);
  void arm_timer();

  Shared& shared_;
  std::string name_;
  Board board_;
  core::AppState state_;
  core::StallWatch stalls_;
  std::deque<core::Event> events_;
  std::map<Gen, Generation> generations_;
  Gen current_ = 0;  // the newest that accepts: its listeners are the configured ones
  Gen served_ = 0;   // the newest whose reload is done
  std::vector<Id> unborn_;                  // channels that ended before an announcement
  std::map<Id, ChildName> names_of_ended_;  // until the core has spoken of them
  std::optional<core::StopOutcome> stopped_;
  bool prepare_failed_ = false;  // of the last generation that was prepared
  loop::Timer deadline_;
};

}  // namespace hupd::master
