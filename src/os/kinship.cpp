#include "os/kinship.hpp"

#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>

#include <signal.h>
#include <sys/wait.h>

#include "os/fd_info.hpp"

namespace hupd::os {

namespace {

enum class Kin { Yes, No, Hidden };

// A zygote, an intermediate process and a worker are three.
constexpr int most_generations = 4;

// Children by now, dead ones that were not reaped included.
bool is_child(int pidfd) {
  siginfo_t info{};
  return ::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

std::optional<Pid> parent_of(Pid pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text, '\0');
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest(text.substr(name_end + 1));
  char state = 0;
  Pid parent = 0;
  if (!(rest >> state >> parent)) return std::nullopt;
  return parent;
}

// Whoever is between may end meanwhile, and leave its child to us.
Kin kin(int pidfd, Pid pid) {
  if (is_child(pidfd)) return Kin::Yes;
  Pid at = pid;
  for (int i = 0; i < most_generations; ++i) {
    const auto parent = parent_of(at);
    if (!parent && is_child(pidfd)) return Kin::Yes;
    if (!parent) return Kin::Hidden;
    if (*parent == own_pid()) return Kin::Yes;
    if (*parent <= 1) break;
    at = *parent;
  }
  return is_child(pidfd) ? Kin::Yes : Kin::No;
}

tl::unexpected<Error> stranger(long pid) {
  return refused("process " + std::to_string(pid) + " is no child of this one");
}

}  // namespace

Result<void> is_of_own_descendant(int pidfd, Pid pid) {
  const auto named = fd_info(pidfd, "Pid:");
  if (!named) return refused("that is no pidfd");
  // -1: it has ended, and was reaped by whoever was its parent then.
  if (*named != pid) return refused("its pidfd is of process " + std::to_string(*named));
  return kin(pidfd, pid) == Kin::No ? stranger(pid) : Result<void>();
}

Result<void> signal_descendant(int pidfd, Signal signal) {
  const auto pid = fd_info(pidfd, "Pid:");
  // What is reaped already, and what is no pidfd, gets the kernel's own answer.
  if (pid && *pid > 0 && kin(pidfd, static_cast<Pid>(*pid)) != Kin::Yes) return stranger(*pid);
  return send_signal(pidfd, signal);
}

}  // namespace hupd::os
