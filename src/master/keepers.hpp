// Who keeps what another master would need.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "master/supervisor.hpp"
#include "master/takeover.hpp"

namespace hupd::master {

// The service manager, or where there is none a process of hupd's own; that of the master before,
// where `left` has it. Nobody, when it is not wanted (orphan_timeout = 0), or when all processes
// go with this one, since it is process 1. `identity`: see master.hpp.
std::unique_ptr<Keeper> make_keeper(const Shared& shared, const std::string& identity,
                                    std::optional<Takeover>& left);

}  // namespace hupd::master
