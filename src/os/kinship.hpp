// Whether a pidfd that somebody else opened is of a process that is this one's to signal.
#pragma once

#include "os/process.hpp"

namespace hupd::os {

// A pidfd of the process `pid`, which is a child of this one or below one. What the kernel hides
// from this process (/proc mounted with hidepid) is taken for one that may be.
Result<void> is_of_own_descendant(int pidfd, Pid pid);

// As send_signal(), to a child alone, or what is below one: whoever made the pidfd may have opened
// one of anybody's, and root would obey.
Result<void> signal_descendant(int pidfd, Signal signal);

}  // namespace hupd::os
