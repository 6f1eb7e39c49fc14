// The process that a worker is: limits, identity, directory, as configured.
#pragma once

#include "config/settings.hpp"
#include "os/result.hpp"

namespace hupd::worker {

// In the order that permissions ask for: limits while root can raise them, then the identity, then
// the directory as the one who will work in it. For good.
os::Result<void> settle(const config::App& app);

}  // namespace hupd::worker
