// One app: its core, and the edge that carries the core's decisions out.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/find.hpp"
#include "core/stall.hpp"
#include "core/step.hpp"
#include "master/news.hpp"
#include "master/processes.hpp"
#include "master/progress.hpp"
#include "master/reload_options.hpp"
#include "os/runtime_dir.hpp"

namespace hupd::master {

// What all apps of a master share. Outlives the supervisors.
struct Shared {
  uv_loop_t* loop;
  Vault& vault;
  Listeners& listeners;
  News& news;
  os::RuntimeDir& runtime_dir;
  std::shared_ptr<const config::Settings> settings;  // as last read without a fault
  // Called when a reload is done, with what it was made from: the master's own part of it.
  std::function<void(const config::Settings&)> reload_done;
  // Called before orders are given that another master would have to know of if this one died.
  std::function<void()> checkpoint = [] {};
  bool has_changed = false;  // since the last checkpoint
};

class Supervisor {
 public:
  // Its first generation has the number after `last_generation`.
  Supervisor(Shared& shared, std::string name, Common common, std::uint64_t seed,
             core::GenerationId last_generation);
  // Goes on with that of another master; `resume` follows at once.
  Supervisor(Shared& shared, const image::App& image, Common common);
  ~Supervisor() { Common::drop(shared_.vault, key_); }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  os::Result<void> resume(const image::App& image, const ListenersByKey& listeners,
                          Descriptors& from);
  // After `resume`, when that master is dead: what it had decided is carried out, once more
  // perhaps, and the core is told what has been lost.
  void revive();
  image::App image() const;  // without its standing; after settle()

  const std::string& name() const { return name_; }

  // Events wait until settle(): nothing is decided inside a callback of a child.
  void post(core::Event event) { events_.push_back(std::move(event)); }
  // One more trigger, for the reload that has not begun.
  void reload(ReloadOptions options);
  // Which generation goes back to that of `to` (0: the youngest that is kept), or was in flight and
  // has been rejected instead; or why there is none. Settles.
  tl::expected<core::GenerationId, std::string> roll_back(core::GenerationId to);
  // The reload in flight; 0: there is none.
  core::GenerationId in_flight() const;
  bool has_canary() const;
  // Steps the core through what waits and carries out what it decides; before the loop waits.
  void settle();

  Processes& processes() { return processes_; }
  // About once a second: who has stalled?
  void look_for_stalls();

  std::optional<core::StopOutcome> stopped() const { return stopped_; }
  // Stops, or has stopped: no reload changes that.
  bool is_ending() const;
  core::GenerationId last_generation() const { return state_.last_generation; }
  // What the generation that serves was made from. Null: none does.
  const config::App* serves() const;
  // The last reload or start failed by its configuration, its addresses or by what was deployed as
  // the library, not by what the application did: trying again as it is does not help.
  bool is_misconfigured() const { return misconfigured_; }
  control::AppStatus status();
  // A reload is in flight, or owed; to be asked after settle().
  bool is_reloading() const { return state_.reload_wanted || core::is_reloading(state_); }
  // Something that somebody may wait for, and that ends by itself: that, a probation, a stop.
  bool is_under_way() const;

  // Of the configuration that was last read.
  std::chrono::milliseconds kill_timeout() const { return kill_timeout_; }

 private:
  control::GenerationStatus status_of(const core::Generation& generation, core::Time now) const;
  void carry_out_unfinished();
  // Carrying out: one overload an order, in supervisor_actions.cpp …
  void carry_out(const core::Prepare&);
  void carry_out(const core::StartZygote&);
  void carry_out(const core::TakeUpZygote&);
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
  void carry_out(const core::CanaryServes&);
  void carry_out(const core::Switched&);
  void carry_out(const core::ReloadDone&);
  void carry_out(const core::ReloadRejected&);
  void carry_out(const core::ReloadHeldBack&);
  void carry_out(const core::ReloadStarted&);
  void carry_out(const core::ReloadDropped&);
  void carry_out(const core::ProbationBegan&);
  void carry_out(const core::ProbationPassed&);
  void carry_out(const core::ProbationFailed&);
  void carry_out(const core::WorkerRelieved&);
  void carry_out(const core::WorkerLost&);
  void carry_out(const core::DrainOverdue&);
  void carry_out(const core::Unkillable&);
  void carry_out(const core::Stopped&);

  os::Result<Generation> prepare_deployed(core::GenerationId id);
  os::Result<Generation> prepare_kept(core::GenerationId id, core::GenerationId source);
  Expectation expectation_of(const config::App& app, ReloadOptions options);
  void condemn(Condemned failed);
  void know_current();
  void release_listeners();
  void report_ended();
  void report_zygote(const core::ZygoteFailed& failed) const;
  void tell_stopping();
  void tell_if_no_way_is_left(core::GenerationId rejected);
  void arm_timer();

  Supervisor(Shared& shared, std::string name, Common common, image::Key key);

  Shared& shared_;
  image::Key key_;  // of what its workers have in common
  std::string name_;
  core::AppState state_;
  core::StallWatch stalls_;
  std::deque<core::Event> events_;
  std::deque<core::Action> unfinished_;  // decided; each is taken out when it is carried out
  Processes processes_;
  Progress progress_;
  std::map<std::uint32_t, std::uint32_t> restarts_;  // by slot, of the generation that serves
  std::uint64_t probations_failed_ = 0;
  std::uint64_t lost_ = 0;                              // workers, in all generations
  std::map<control::Outcome, std::uint64_t> outcomes_;  // of its reloads
  std::map<core::WorkerId, Processes::Ended> ended_;    // of whom nothing was reported yet
  // core::find_taking; its listeners are the configured ones.
  core::GenerationId current_ = 0;
  core::GenerationId served_ = 0;  // the newest whose reload is done
  std::optional<core::StopOutcome> stopped_;
  std::chrono::milliseconds kill_timeout_{0};
  std::vector<Condemned> condemned_;     // oldest first
  std::optional<ReloadOptions> wanted_;  // of the triggers since a reload began last
  bool told_stopping_ = false;
  bool misconfigured_ = false;
  loop::Timer deadline_;
};

}  // namespace hupd::master
