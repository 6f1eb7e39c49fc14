// The apps of a master: which there are, what all of them are told, what a reload adds and takes
// away.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "master/supervisor.hpp"
#include "os/result.hpp"

namespace hupd::master {

class Apps {
 public:
  explicit Apps(Shared& shared) : shared_(shared) {}

  // All of them as plain data, and going on with those of another master.
  void put_into(image::Master& image) const;
  os::Result<void> resume(const image::Master& image, const ListenersByKey& listeners,
                          Descriptors& from);

  void revive();  // after `resume`, when that master is dead

  // Those of the settings. One that cannot start is the master's own failure.
  os::Result<void> start();
  // The settings have been read anew: each app reloads; a new one starts, and is gone again if it
  // cannot; one that is not there any more drains and stops. Which generation each becomes.
  std::vector<control::Ticket> reload(ReloadOptions options);
  // These alone, which are among names(), from the settings as they are now.
  std::vector<control::Ticket> reload(const std::vector<std::string>& only, ReloadOptions options);
  void stop(core::StopMode mode);  // a second time: quickly
  void post(const core::Event& event);
  void post(const std::string& app, const core::Event& event);

  // Those that can be reloaded, by name.
  std::vector<std::string> names() const;
  Supervisor* find_app(const std::string& name);    // null: none of these
  bool is_reloading(const std::string& app) const;  // to be asked after settle()
  bool is_anything_under_way() const;
  bool is_serving(const std::string& app) const;
  std::vector<control::AppStatus> status();

  // Calls `unknown` for each process that ended and is no app's.
  void reap(const std::function<void(const os::Reaped&)>& unknown);
  void look_for_stalls();
  // Before the loop waits.
  void settle();

  bool all_stopped() const;
  bool start_failed() const;  // of one that start() started
  int exit_code() const;
  std::chrono::milliseconds kill_timeout() const;  // the longest

 private:
  // First: from start(). Added: by a reload. Dropped: by a reload; serves until others have what
  // they take over from it. Leaving: was told to stop.
  using Standing = image::Standing;
  struct Held {
    Standing standing;
    std::unique_ptr<Supervisor> app;
  };

  os::Result<void> add(const std::string& name, Standing standing);
  void drop_unless(const std::vector<std::string>& wanted);
  void let_go(Held& held);
  void erase_ended();
  // Null: there is none that can be reloaded.
  Held* find(const std::string& name);
  const Held* find(const std::string& name) const;
  // "[app.www] serves 0.0.0.0:80"; empty: nothing.
  std::string awaited_by(const Supervisor& leaving);

  Shared& shared_;
  std::vector<Held> held_;
  // Of those that are gone: a number is not used twice, and a directory is named after it.
  std::map<std::string, core::GenerationId> last_generations_;
  bool stopping_ = false;
};

}  // namespace hupd::master
