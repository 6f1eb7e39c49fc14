// The children of this process, whoever started them.
#pragma once

#include <string>
#include <vector>

#include "os/process.hpp"

namespace hupd::os {

struct ChildProcess {
  Pid pid = 0;
  std::string name;  // the kernel's, 15 bytes at most
};

// Those that live, by pid; adopted orphans among them, zombies not. One that comes or goes
// meanwhile may be in it or not.
std::vector<ChildProcess> living_children();

// For a child that was not reaped since it was listed: its pid is its own until then.
Result<void> signal_child(Pid child, Signal signal);

}  // namespace hupd::os
