// The master in its loop: signals, children, the clock.
#pragma once

#include <memory>
#include <vector>

#include "loop/handle.hpp"
#include "master/master.hpp"
#include "master/strays.hpp"
#include "master/supervisor.hpp"

namespace hupd::master {

class Running {
 public:
  Running(Shared& shared, const Configure& configure);

  os::Result<void> add_app(const std::string& name);

  // Starts the apps and runs the loop until all have stopped: the exit code.
  int run();

 private:
  void on_signal(int number, void (Running::*handler)());
  void reload();
  void stop_gracefully();
  void stop_quickly();
  void stop(core::StopMode mode);
  void reopen_logs();
  void one_more();
  void one_fewer();
  void drain_workers();
  void reap();
  void settle();
  void post_to_all(const core::Event& event);

  bool all_have_stopped() const;

  Shared& shared_;
  const Configure& configure_;
  std::vector<std::unique_ptr<Supervisor>> apps_;
  std::vector<std::unique_ptr<loop::Signal>> signals_;
  Strays strays_;
  loop::BeforeWait before_wait_;
  loop::Timer look_;
  std::unique_ptr<loop::Timer> watchdog_;
};

}  // namespace hupd::master
