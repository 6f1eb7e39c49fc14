// The master process: everything that is not one app's own.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "config/settings.hpp"

namespace hupd::master {

// Reads the configuration anew: settings, or what is wrong with them, a line each.
using Configure = std::function<tl::expected<config::Settings, std::vector<std::string>>()>;

// Exit codes of the program.
inline constexpr int exit_done = 0;
inline constexpr int exit_application_failed = 1;
inline constexpr int exit_usage_or_configuration = 2;

struct Invocation {
  std::vector<std::string> arguments;  // the first one included; the next version is to take them
  // What is served, told from whatever other masters serve: who starts the same again after a
  // master's death goes on with what that one had, and nobody else does.
  std::string identity;
};

// Serves until it is told to stop: what is configured, or what another master has left. What
// prevents it from having a log is told to `err`.
int run(const Configure& configure, const Invocation& invocation, std::ostream& err);

}  // namespace hupd::master
