// The master in its loop: signals, children, the clock.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "loop/handle.hpp"
#include "master/apps.hpp"
#include "master/belongings.hpp"
#include "master/checkpoint.hpp"
#include "master/control_server.hpp"
#include "master/exporter.hpp"
#include "master/master.hpp"
#include "master/signals.hpp"
#include "master/strays.hpp"
#include "master/upgrade.hpp"

namespace hupd::master {

class Running {
 public:
  // All of these outlive it but the program, which is this one.
  Running(Shared& shared, const Configure& configure, Belongings& own, Signals& signals,
          Upgrade::Program program);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  // Starts the apps, or goes on with those of another master …
  os::Result<void> start();
  os::Result<void> resume(Takeover& left);
  os::Result<void> revive(Takeover& left);
  // … and runs the loop until all have stopped: the exit code.
  int run();

 private:
  void on_signal(int number, void (Running::*handler)());
  void want_reload() { reload_wanted_ = true; }
  void reload();
  // Of these apps alone; empty: of all, with whatever else the configuration says.
  tl::expected<Orders::Reloading, control::Error> reload(const Orders::Apps& only,
                                                         ReloadOptions options);
  Orders::Answer roll_back(const std::string& app, core::GenerationId to);
  Orders::Answer promote(const std::string& app);
  Orders::Answer abort(const std::string& app);
  tl::expected<void, std::string> read_settings(const Orders::Apps& only);
  tl::expected<void, control::Error> scale(const std::string& app, std::uint32_t workers);
  Orders orders();
  tl::expected<void, control::Error> upgrade();
  void upgrade_refused(const std::string& why);
  void upgrade_by_signal() { static_cast<void>(upgrade()); }
  image::Master image();
  void resume_common(Takeover& left);
  void tell_checkpoint_fails(const os::Error& error);
  void open_checkpoint(Descriptors* from);  // nobody's: new files
  void make_checkpoint();
  control::Status status();
  void stop_gracefully();
  void stop_quickly();
  void stop(core::StopMode mode);
  void reopen_logs();
  void one_more();
  void one_fewer();
  void drain_workers();
  void look();  // about once a second
  void reap();
  void settle();
  void keep_log_moving();

  Shared& shared_;
  const Configure& configure_;
  Belongings& own_;
  const Upgrade::Program program_;
  config::Master started_with_;
  std::chrono::milliseconds started_at_;
  std::string started_;  // the same by the clock on the wall
  control::Past past_;
  bool reload_wanted_ = false;
  ListenersByKey taken_up_;  // until all that another master had is: none is given up before
  Apps apps_;
  ControlServer control_;
  Exporter exporter_;
  Upgrade upgrade_;
  int kept_directory_ = 0;  // which making of it the vault knows
  bool told_checkpoint_fails_ = false;
  std::optional<Checkpoint> checkpoint_;  // none without anybody to keep it
  Signals& signals_;
  Strays strays_;
  loop::BeforeWait before_wait_;
  loop::Timer look_;
  loop::Timer flush_log_;  // runs while lines wait for their reader
  std::unique_ptr<loop::Timer> watchdog_;
};

}  // namespace hupd::master
