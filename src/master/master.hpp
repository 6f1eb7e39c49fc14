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

// Serves until it is told to stop: what is configured, or what another master of this process has
// left. `arguments` are those of the program, the first one included; they are to mean the same to
// its next version. What prevents it from having a log is told to `err`.
int run(const Configure& configure, const std::vector<std::string>& arguments, std::ostream& err);

}  // namespace hupd::master
