#include "os/reap.hpp"

#include <cerrno>
#include <cstring>

#include <signal.h>
#include <sys/wait.h>

namespace hupd::os {

std::optional<Reaped> reap_one() {
  siginfo_t info{};
  int result = 0;
  do {
    result = ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG);
  } while (result != 0 && errno == EINTR);
  if (result != 0 || info.si_pid == 0) return std::nullopt;
  Reaped reaped{info.si_pid, false, {}};
  if (info.si_code == CLD_EXITED) {
    reaped.clean = info.si_status == 0;
    reaped.described = "exit code " + std::to_string(info.si_status);
  } else {
    const char* name = ::sigabbrev_np(info.si_status);
    reaped.described = "signal " + std::to_string(info.si_status);
    if (name != nullptr) reaped.described += std::string(" (SIG") + name + ")";
  }
  return reaped;
}

}  // namespace hupd::os
