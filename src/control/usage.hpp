// What workers use, which the client reads from /proc: it can wait for it.
#pragma once

#include "control/status.hpp"
#include "os/usage.hpp"

namespace hupd::control {

void add_usage(Status& status, os::Pss pss);

}  // namespace hupd::control
