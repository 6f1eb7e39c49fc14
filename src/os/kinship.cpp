#include "os/kinship.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/fd_info.hpp"
#include "os/proc_entry.hpp"

namespace hupd::os {

namespace {

// A zygote, an intermediate process and a worker are three.
constexpr int most_generations = 4;

// Children by now, dead ones that were not reaped included.
bool is_child(int pidfd) {
  siginfo_t info{};
  return ::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

enum class Kin { Yes, No, Hidden };

Kin look_up(Pid pid) {
  for (int i = 0; i < most_generations; ++i) {
    const auto state = process_state(pid);
    if (state.letter == 0) return Kin::Hidden;
    if (state.parent == own_pid()) return Kin::Yes;
    if (state.parent <= 1) return Kin::No;
    pid = state.parent;
  }
  return Kin::No;
}

// Whoever is between may end meanwhile, and leave its child to us; and where /proc hides processes
// of other users (hidepid), that is all there is to be seen. It is about to: a moment is enough.
bool is_kin(int pidfd, Pid pid) {
  constexpr int most_looks = 100;
  constexpr useconds_t between_us = 1000;
  for (int i = 0; i < most_looks; ++i) {
    if (is_child(pidfd)) return true;
    const auto kin = look_up(pid);
    if (kin != Kin::Hidden) return kin == Kin::Yes || is_child(pidfd);
    ::usleep(between_us);
  }
  return false;
}

}  // namespace

Result<void> is_of_own_descendant(int pidfd, Pid pid) {
  const auto named = fd_info(pidfd, "Pid:");
  if (!named) return refused("that is no pidfd");
  // -1: it has ended, and was reaped by whoever was its parent then.
  if (*named != pid) return refused("its pidfd is of process " + std::to_string(*named));
  if (is_kin(pidfd, pid)) return {};
  return refused("process " + std::to_string(pid) + " is no child of this one");
}

}  // namespace hupd::os
