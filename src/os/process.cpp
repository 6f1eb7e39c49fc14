#include "os/process.hpp"

#include <array>
#include <string_view>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char** environ;

namespace hupd::os {

namespace {

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (const auto& s : strings) result.push_back(const_cast<char*>(s.c_str()));
  result.push_back(nullptr);
  return result;
}

bool belongs_to_master_alone(std::string_view variable) {
  static constexpr std::array<std::string_view, 7> names = {
      "NOTIFY_SOCKET=", "WATCHDOG_PID=", "WATCHDOG_USEC=", "FDSTORE=",
      "LISTEN_PID=",    "LISTEN_FDS=",   "LISTEN_FDNAMES="};
  for (const auto name : names) {
    if (variable.starts_with(name)) return true;
  }
  return false;
}

// Which descriptor becomes which; the others end here, also those that the master itself inherited
// from whoever started it.
using Passed = std::vector<std::pair<int, int>>;  // from, to; ascending

Result<Spawned> spawn(const std::string& path, const std::vector<std::string>& arguments,
                      const Environment& environment, const Passed& passed) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  for (const auto& [from, to] : passed) posix_spawn_file_actions_adddup2(&actions, from, to);
  posix_spawn_file_actions_addclosefrom_np(&actions, passed.back().second + 1);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, path.c_str(), &actions, &attributes,
                                  pointers(arguments).data(), pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  const auto& name = arguments[0];
  if (error != 0) {
    return failed("execute " + name + (name == path ? "" : " (" + path + ")"), error);
  }

  Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd) {
    const int why = errno;
    ::kill(pid, SIGKILL);  // safe: a child that was not reaped keeps its pid
    return failed("open a pidfd for " + arguments[0], why);
  }
  return Spawned{pid, std::move(pidfd)};
}

}  // namespace

Pid own_pid() { return ::getpid(); }

Result<Fd> own_pidfd() {
  Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
  if (!pidfd) return failed("open a pidfd for this process");
  return pidfd;
}

Environment child_environment(const std::map<std::string, std::string>& added) {
  Environment result;
  for (char** e = environ; *e != nullptr; ++e) {
    const std::string_view variable(*e);
    const std::string name(variable.substr(0, variable.find('=')));
    if (!belongs_to_master_alone(variable) && !added.contains(name)) result.emplace_back(variable);
  }
  for (const auto& [name, value] : added) result.push_back(name + "=" + value);
  return result;
}

Result<void> become_subreaper() {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return failed("become child subreaper");
  return {};
}

Result<Spawned> spawn_self(const std::vector<std::string>& arguments,
                           const Environment& environment, int channel, int output) {
  return spawn("/proc/self/exe", arguments, environment,
               {{output, 1}, {output, 2}, {channel, inherited_channel_fd}});
}

Result<Spawned> spawn_program(const std::string& path, const std::vector<std::string>& arguments,
                              const Environment& environment, int input, int output) {
  return spawn(path, arguments, environment, {{input, 0}, {output, 1}, {output, 2}});
}

Fd take_inherited_channel() {
  ::fcntl(inherited_channel_fd, F_SETFD, FD_CLOEXEC);
  return Fd(inherited_channel_fd);
}

int signal_number(Signal signal) {
  switch (signal) {
    case Signal::Term:
      return SIGTERM;
    case Signal::Abort:
      return SIGABRT;
    case Signal::Kill:
      return SIGKILL;
  }
  return SIGTERM;
}

Result<void> send_signal(int pidfd, Signal signal) {
  const int number = signal_number(signal);
  if (::syscall(SYS_pidfd_send_signal, pidfd, number, nullptr, 0) == 0) return {};
  return failed(std::string("send SIG") + ::sigabbrev_np(number));
}

void kill_group(Pid leader) { ::kill(-leader, SIGKILL); }

bool has_ended(int pidfd) {
  pollfd one{pidfd, POLLIN, 0};
  return ::poll(&one, 1, 0) == 1;
}

bool die_with_parent(Pid expected_parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  return ::getppid() == expected_parent;  // it may have died before the call
}

}  // namespace hupd::os
