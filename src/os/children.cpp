#include "os/children.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

namespace hupd::os {

namespace {

std::optional<Pid> number(const char* text) {
  Pid value = 0;
  const char* end = text + std::strlen(text);
  const auto parsed = std::from_chars(text, end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return value;
}

// The kernel's own word: /proc may be that of another pid namespace, and its table of children is
// not in every kernel.
bool is_living_child(Pid pid) {
  siginfo_t info{};
  const int known = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
  return known == 0 && info.si_pid == 0;
}

std::string name_of(Pid pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

}  // namespace

std::vector<ChildProcess> living_children() {
  std::vector<ChildProcess> children;
  DIR* processes = ::opendir("/proc");
  if (processes == nullptr) return children;
  while (const dirent* entry = ::readdir(processes)) {
    const auto pid = number(entry->d_name);
    if (pid && is_living_child(*pid)) children.push_back({*pid, name_of(*pid)});
  }
  ::closedir(processes);
  std::sort(children.begin(), children.end(),
            [](const ChildProcess& a, const ChildProcess& b) { return a.pid < b.pid; });
  return children;
}

Result<void> signal_child(Pid child, Signal signal) {
  if (::kill(child, signal_number(signal)) != 0) {
    return failed("signal process " + std::to_string(child));
  }
  return {};
}

}  // namespace hupd::os
