// The life of a worker process.
#pragma once

#include <optional>
#include <string>

#include "config/settings.hpp"
#include "os/orphan.hpp"
#include "wire/link.hpp"
#include "worker/application.hpp"

namespace hupd::worker {

// What a worker is born with, right after the fork.
struct Birth {
  wire::Link channel;  // its Start waits in it
  os::Parents parents;
  const config::App& app;
  std::string library;                     // the private copy
  std::optional<Application> application;  // created before the fork; nothing: preload = false
  int argc;                                // for the title
  char** argv;
};

// Boots, serves and ends: returns the exit code. Boots under a deadline of the kernel's.
int run(Birth birth);

}  // namespace hupd::worker
