// Whether a pidfd that somebody else opened is of a process that is this one's to signal.
#pragma once

#include "os/process.hpp"

namespace hupd::os {

// A pidfd of the process `pid`, which is a child of this one or below one: whoever made the pidfd
// may have opened one of anybody's, and root's signals reach everybody.
Result<void> is_of_own_descendant(int pidfd, Pid pid);

}  // namespace hupd::os
