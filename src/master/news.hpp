// What happened, for people and for the service manager: the log and the notification socket.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "core/actions.hpp"
#include "master/generation.hpp"
#include "os/notify.hpp"

namespace hupd::master {

class News {
 public:
  explicit News(os::Notifier notifier) : notifier_(std::move(notifier)) {}

  // How many apps must have started before the service is ready.
  void expect(std::size_t apps) { expected_ = apps; }

  void reload_held_back(const std::string& app, const core::ReloadHeldBack& held);
  void reload_started(const std::string& app, core::GenerationId id);
  void reload_done(const Generation& generation);
  void reload_rejected(const std::string& app, core::GenerationId id, const std::string& reason);
  // `how` it ended, when it has and the reason is another one.
  void worker_lost(const ChildName& name, const core::WorkerLost& lost, const std::string& how);
  void stopping();
  bool is_stopping() const { return stopping_; }
  void alive() { notifier_.send("WATCHDOG=1"); }

  const os::Notifier& notifier() const { return notifier_; }

 private:
  void ready(const std::string& status);

  os::Notifier notifier_;
  std::size_t expected_ = 0;
  std::map<std::string, std::chrono::milliseconds> reloading_;  // since when, by app
  std::map<std::string, std::string> serving_;  // what each app that has started serves, in words
  bool stopping_ = false;
};

}  // namespace hupd::master
