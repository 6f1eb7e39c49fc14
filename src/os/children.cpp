#include "os/children.hpp"

#include <algorithm>

#include <signal.h>
#include <sys/wait.h>

#include "os/proc_entry.hpp"

namespace hupd::os {

namespace {

// The kernel's own word: /proc may be that of another pid namespace, and its table of children is
// not in every kernel.
bool is_living_child(Pid pid) {
  siginfo_t info{};
  const int known = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
  return known == 0 && info.si_pid == 0;
}

}  // namespace

std::vector<ChildProcess> living_children() {
  std::vector<ChildProcess> children;
  for (const Pid pid : visible_processes()) {
    if (is_living_child(pid)) children.push_back({pid, process_name(pid)});
  }
  std::sort(children.begin(), children.end(),
            [](const ChildProcess& a, const ChildProcess& b) { return a.pid < b.pid; });
  return children;
}

Result<void> signal_child(Pid child, Signal signal) {
  if (::kill(child, signal_number(signal)) != 0) {
    return failed("signal process " + std::to_string(child));
  }
  return {};
}

}  // namespace hupd::os
