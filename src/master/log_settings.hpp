// The log of this process as the configuration wants it.
#pragma once

#include "config/settings.hpp"
#include "os/result.hpp"

namespace hupd::master {

os::Result<void> set_up_log(const config::Log& settings);

// For who has workers already: a file that cannot be opened is told, and is no reason to end them.
void set_up_log_anyway(const config::Log& settings);

}  // namespace hupd::master
