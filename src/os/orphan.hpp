// The end of a process that its parent has left behind.
#pragma once

#include <chrono>

#include "os/process.hpp"

namespace hupd::os {

// Who is this process's parent in an ordinary life: first the one that forked it, which may be gone
// already, then the one it is left to.
struct Parents {
  Pid first = 0;
  Pid last = 0;
};

// Once both parents are dead, this process has `limit` to end by itself; then the kernel kills it,
// whatever it is doing. Until then nothing comes of it.
//
// The death is told by a real-time signal (PR_SET_PDEATHSIG), whose handler arms a timer that ends
// in SIGKILL. So a process that is stuck in foreign code is reached as well, if one of its threads
// lets the signal through; the calling thread does from now on, whatever its mask was. (A thread
// that waited for the death would not depend on masks, but libraries count what they do for one
// thread only, down to the locks in malloc: it would cost every process for the sake of a few.)
//
// The kernel drops the arrangement when credentials change: to be called after the last change, and
// as often as that may be. The limit is that of the first call.
Result<void> end_when_orphaned(Parents parents, std::chrono::milliseconds limit);

// Somebody leads this process again, who is not its parent: the time that began with the parents'
// death is over, and begins anew when that one is dead. The kernel sends no signal for it, so a
// timer makes this process look now and then, a few times within the limit, whatever it is doing;
// the pidfd is to stay open until the next call.
void led_by_another(int pidfd);

}  // namespace hupd::os
