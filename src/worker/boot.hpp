// From the fork to a process that can serve: each step may fail, with the reason for the master.
#pragma once

#include "wire/link.hpp"
#include "wire/scoreboard.hpp"
#include "worker/serving.hpp"
#include "worker/worker.hpp"

namespace hupd::worker {

// What the master hands to a worker.
struct Assignment {
  wire::Start start;
  wire::Scoreboard scoreboard;  // all of it, for reading
  wire::OwnPage page;
  Assigned assigned;
  os::Fd master;  // its pidfd
};

// Waits for the master's Start and what follows it.
os::Result<Assignment> receive_assignment(const wire::Link& channel);

// The application, created: the one from before the fork, or loaded here.
tl::expected<Application, wire::Failed> obtain_application(Birth& birth);

}  // namespace hupd::worker
