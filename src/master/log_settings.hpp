// The log of this process as the configuration wants it.
#pragma once

#include "config/settings.hpp"
#include "os/result.hpp"

namespace hupd::master {

os::Result<void> set_up_log(const config::Log& settings);

}  // namespace hupd::master
