// The exporter, a process of hupd's own that serves the metrics: started, missed when it ends, told
// to go. Nothing waits for it, and it may only ask.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "config/settings.hpp"
#include "loop/handle.hpp"
#include "master/child.hpp"
#include "master/listeners.hpp"
#include "master/restarts.hpp"
#include "os/reap.hpp"

namespace hupd::master {

class Exporter {
 public:
  // Makes a control client, who may only ask, of what it is given.
  using Introduce = std::function<void(os::Fd)>;

  // `inherited` has the sockets that the service manager passed on, and outlives it.
  Exporter(uv_loop_t* loop, Vault& vault, Listeners& inherited, Introduce introduce);
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  void put_into(image::Master& image) const;
  // Goes on with that of another master. `inherited`: those among its listeners.
  void resume(const image::Master& image, const ListenersByKey& inherited, Descriptors& from);

  // After that master's death: its listeners alone.
  os::Result<void> revive(const image::Master& image, Descriptors& from);

  // From now on so. An error: it cannot be had, and nothing has changed.
  os::Result<void> configure(const config::Metrics& settings);
  bool exited(const os::Reaped& reaped);  // true: it was this process
  void stop();                            // for good
  bool is_gone() const { return child_ == nullptr; }

 private:
  using Time = std::chrono::milliseconds;

  os::Result<ListenerSet> obtain(const config::Metrics& settings);
  void start();
  os::Result<void> try_start();
  void try_again_later(const std::string& why);
  void tell_to_go();
  void press();

  uv_loop_t* loop_;
  Vault& vault_;
  Listeners& inherited_;
  Introduce introduce_;
  // Apart from those of apps: no socket is ever both, also while an address goes from one to other.
  Listeners own_;
  config::Metrics settings_;
  ListenerSet listeners_;
  std::unique_ptr<Child> child_;
  Restarts restarts_;
  enum class Leaving { No, Told, Killed } leaving_ = Leaving::No;
  bool stopping_ = false;
  loop::Timer retry_;
  loop::Timer pressure_;  // while it is leaving
};

}  // namespace hupd::master
