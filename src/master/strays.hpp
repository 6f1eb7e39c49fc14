// Processes that an application left running. As a child subreaper the master inherits what
// outlives a worker; what outlived a master before it, that one's death has given to another, and
// is found in the service's control group, if there is a service manager. As the last act of a stop
// it ends them, so that nothing is left behind.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "loop/handle.hpp"
#include "master/vault.hpp"
#include "os/children.hpp"

namespace hupd::master {

class Strays {
 public:
  // Before the master starts anybody: the children that it has then (`helper & exec hupd run …`)
  // belong to whoever started it, and are left alone.
  // The keeper, which goes last, is left alone, too; `vault` outlives this object.
  // `is_service`: there is a service manager, and no other service in the control group.
  Strays(uv_loop_t* loop, const Vault& vault, bool is_service);

  // This master is the first of its service: what is there now besides belongs to others.
  void spare_all_there_is();

  // So did the master before.
  void spare(const std::set<os::Pid>& pids) { not_ours_.insert(pids.begin(), pids.end()); }

  std::set<os::Pid> not_ours() const;
  void set_not_ours(const std::set<os::Pid>& pids) { not_ours_ = pids; }

  // An unknown child has been reaped: its pid may be a stray's from now on.
  void reaped(os::Pid pid) { not_ours_.erase(pid); }

  // To be asked each time before the loop waits, once no child of the master's own is left. True:
  // no stray is left, or none that can be ended. First they are given a moment, since some end with
  // their worker; then TERM, and after `kill_timeout` KILL, to those as well that come to light by
  // the death of others; when the last of them has had as long again, it is given up.
  bool are_gone(std::chrono::milliseconds kill_timeout);

 private:
  using Time = std::chrono::milliseconds;
  enum class Stage { Asked, Killed };

  std::vector<os::ChildProcess> find() const;
  os::Result<void> signal(os::Pid stray, os::Signal signal) const;
  bool press(const std::vector<os::ChildProcess>& strays, Stage stage);

  const Vault& vault_;
  bool is_service_;
  loop::Timer look_again_;
  std::set<os::Pid> not_ours_;
  std::map<os::Pid, Stage> stages_;  // of those that are left
  Time begun_{0}, asked_{0};         // 0: not yet
  Time killed_{0};                   // the last of them
  int kills_ = 0;
};

}  // namespace hupd::master
