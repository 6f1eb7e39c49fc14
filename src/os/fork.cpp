#include "os/fork.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hupd::os {

namespace {

// The intermediate's exit code is the errno of what failed in it, 0 when all went well.
[[noreturn]] void finish_intermediate(pid_t grandchild,
                                      const std::function<void(Pid, int)>& announce) {
  if (grandchild < 0) ::_exit(errno);
  const Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, grandchild, 0)));
  if (!pidfd) ::_exit(errno);  // unannounced, the grandchild leaves when its channel closes
  announce(grandchild, pidfd.get());
  ::_exit(0);
}

}  // namespace

Result<std::optional<Grandchild>> fork_grandchild(const std::function<void(Pid, int)>& announce) {
  const pid_t intermediate = ::fork();
  if (intermediate < 0) return failed("fork");
  if (intermediate == 0) {
    const Grandchild born{own_pid()};
    const pid_t grandchild = ::fork();
    if (grandchild == 0) return born;
    finish_intermediate(grandchild, announce);
  }
  int status = 0;
  while (::waitpid(intermediate, &status, 0) < 0) {
    if (errno != EINTR) return failed("wait for the intermediate process");
  }
  if (!WIFEXITED(status)) return refused("fork: the intermediate process was killed");
  if (WEXITSTATUS(status) != 0) return failed("fork", WEXITSTATUS(status));
  return std::nullopt;
}

}  // namespace hupd::os
