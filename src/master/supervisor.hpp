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
#include "master/news.hpp"
#include "master/processes.hpp"

namespace hupd::master {

// What all apps of a master share. Outlives the supervisors.
struct Shared {
  uv_loop_t* loop;
  Listeners& listeners;
  News& news;
  std::string runtime_dir;
  // Called when a reload is done: what the master itself takes over from the configuration.
  std::function<void()> reload_done;
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

  Processes& processes() { return processes_; }
  // About once a second: who has stalled?
  void look_for_stalls();

  std::optional<core::StopOutcome> stopped() const { return stopped_; }
  // The last reload or start failed by its configuration or addresses, not by the application.
  bool prepare_failed() const { return prepare_failed_; }

 private:
  // Carrying out: one overload an order, in supervisor_actions.cpp …
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
  // … and one a piece of news, in supervisor_news.cpp.
  void carry_out(const core::ReloadStarted&);
  void carry_out(const core::Switched&);
  void carry_out(const core::ReloadDone&);
  void carry_out(const core::ReloadRejected&);
  void carry_out(const core::WorkerLost&);
  void carry_out(const core::DrainOverdue&);
  void carry_out(const core::Unkillable&);
  void carry_out(const core::Stopped&);

  os::Result<Generation> prepare(core::GenerationId id);
  void report_ended();
  void tell_stopping();
  void arm_timer();

  Shared& shared_;
  std::string name_;
  core::AppState state_;
  core::StallWatch stalls_;
  std::deque<core::Event> events_;
  Processes processes_;
  std::map<core::WorkerId, Processes::Ended> ended_;  // of whom nothing was reported yet
  // The newest that accepts: its listeners are the configured ones.
  core::GenerationId current_ = 0;
  core::GenerationId served_ = 0;  // the newest whose reload is done
  std::optional<core::StopOutcome> stopped_;
  bool told_stopping_ = false;
  bool prepare_failed_ = false;  // of the last generation that was prepared
  loop::Timer deadline_;
};

}  // namespace hupd::master
