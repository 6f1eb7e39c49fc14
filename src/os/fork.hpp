// Forking a worker on behalf of the master.
#pragma once

#include <functional>
#include <optional>

#include "os/process.hpp"

namespace hupd::os {

struct Grandchild {
  Pid intermediate = 0;  // may be its parent still
};

// Forks twice with glibc's fork() (raw clone with CLONE_PARENT would skip the atfork handlers), so
// that the grandchild becomes a child of the nearest subreaper. `announce` runs in the
// intermediate process, which is then still the grandchild's parent: the pid cannot be reused,
// and what is sent from there reaches the master before the master can reap the grandchild.
// Returns twice: nothing in the caller once the intermediate is reaped, and a value in the
// grandchild.
Result<std::optional<Grandchild>> fork_grandchild(
    const std::function<void(Pid pid, int pidfd)>& announce);

}  // namespace hupd::os
