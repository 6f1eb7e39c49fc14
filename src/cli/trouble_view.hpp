// What is wrong with an app, as far as its master knows.
#pragma once

#include <string>

#include "control/status.hpp"

namespace hupd::cli {

// A line for each; empty: nothing is.
std::string troubles_of(const control::AppStatus& app, bool with_colour);

// "  last reload: generation 8 was done in 31 ms, 5m 3s ago": of one that went well, or goes on.
std::string last_reload_of(const control::AppStatus& app);

}  // namespace hupd::cli
