// The processes of the systemd service that this one runs in: its control group's.
#pragma once

#include <string>
#include <vector>

#include "os/children.hpp"

namespace hupd::os {

// All that live, by pid, this process among them. Empty: it is not run as a service of systemd's,
// or /proc does not tell.
std::vector<ChildProcess> service_processes();

// Of one that was listed: nothing is sent if it is not of this service any more.
Result<void> signal_in_service(Pid pid, Signal signal);

// The service's control group in the text of a /proc/PID/cgroup: a path that ends in ".service",
// below which there may be others; empty: there is none. For tests.
std::string service_in(const std::string& cgroups);

}  // namespace hupd::os
