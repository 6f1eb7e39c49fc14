// What happened, for people, for the service manager and for control clients: the log, the
// notification socket and the chronicle.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/actions.hpp"
#include "master/chronicle.hpp"
#include "master/generation.hpp"
#include "os/notify.hpp"

namespace hupd::master {

class News {
 public:
  explicit News(os::Notifier notifier) : notifier_(std::move(notifier)) {}

  image::News image() const;
  void resume(const image::News& image);
  void revived();  // after that, when that master has died: the manager waits for a READY=1

  // The apps that must have started before the service is ready.
  void expect(const std::vector<std::string>& apps);

  // By a SIGHUP or a client: it is over when each of these apps has reloaded, or been rejected.
  void reload_requested(const std::vector<std::string>& apps);
  // One that came to nothing, for these apps; empty: for any.
  void reload_refused(const std::string& reason, const std::vector<std::string>& apps = {});

  void reload_held_back(const std::string& app, const core::ReloadHeldBack& held);
  void reload_started(const std::string& app, const core::ReloadStarted& started);
  void canary_serves(const std::string& app, const core::CanaryServes& canary);
  void reload_done(const Generation& generation);
  // There was nothing to do.
  void reload_unneeded(const std::string& app, core::GenerationId id);
  void probation_began(const std::string& app, const core::ProbationBegan& began);
  void probation_passed(const std::string& app, core::GenerationId id);
  void probation_failed(const std::string& app, const core::ProbationFailed& failed);
  // `output`: the last lines of the process that failed.
  void reload_rejected(const std::string& app, core::GenerationId id, const std::string& reason,
                       const std::vector<std::string>& output = {});
  // It is no app of this master any more: nobody waits for it.
  void app_gone(const std::string& app);
  // `how` it ended, when it has and the reason is another one; and `with` so many connections.
  void worker_lost(const ChildName& name, const core::WorkerLost& lost, const std::string& how,
                   const std::string& with);
  void stopping();
  bool is_stopping() const { return stopping_; }
  // What the service manager waits for is not late: it goes on, and will end.
  void ask_for_time() { notifier_.send("EXTEND_TIMEOUT_USEC=10000000"); }  // ten times our period
  void alive() { notifier_.send("WATCHDOG=1"); }

  Chronicle& chronicle() { return chronicle_; }
  const os::Notifier& notifier() const { return notifier_; }

 private:
  void tell_reloading(const std::string& what);
  void ready(const std::string& status);
  std::string all_serving() const;

  os::Notifier notifier_;
  Chronicle chronicle_;
  std::set<std::string> expected_;                              // apps that have yet to start
  std::set<std::string> awaited_;                               // a reload of theirs is to come
  std::map<std::string, std::chrono::milliseconds> reloading_;  // since when, by app
  std::map<std::string, std::string> serving_;  // what each app that has started serves, in words
  bool was_ready_ = false;
  bool told_reloading_ = false;  // and not READY since
  bool stopping_ = false;
};

}  // namespace hupd::master
