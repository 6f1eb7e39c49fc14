#include "os/service_processes.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>

#include <sys/syscall.h>
#include <unistd.h>

#include "os/proc_entry.hpp"

namespace hupd::os {

namespace {

constexpr std::string_view suffix = ".service";

std::string service_of(const std::string& process) {  // a number, or "self"
  std::ifstream file("/proc/" + process + "/cgroup");
  std::ostringstream text;
  text << file.rdbuf();
  return service_in(text.str());
}

bool is_alive(Pid pid) {
  const char letter = process_state(pid).letter;
  return letter != 0 && letter != 'Z' && letter != 'X';
}

// Below a user's manager, which is a service, there are units of their own.
bool is_of_the_service(const std::string& below) {
  const bool is_unit =
      below.find(".scope") != std::string::npos || below.find(".slice") != std::string::npos;
  return (below.empty() || below[0] == '/') && !is_unit;
}

}  // namespace

// Lines are HIERARCHY:CONTROLLERS:PATH; systemd's own hierarchy is number 0, or before cgroup v2
// the one that is named after it.
std::string service_in(const std::string& cgroups) {
  std::istringstream lines(cgroups);
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    if (!controllers.empty() && controllers != "name=systemd") continue;
    const auto path = line.substr(second + 1);
    const auto end = path.rfind(suffix);
    if (end == std::string::npos) continue;
    const auto below = path.substr(end + suffix.size());
    if (is_of_the_service(below)) found = path.substr(0, end + suffix.size());
  }
  return found;
}

std::vector<ChildProcess> service_processes() {
  std::vector<ChildProcess> found;
  const auto service = service_of("self");
  if (service.empty()) return found;
  for (const Pid pid : visible_processes()) {
    const bool is_of_it = service_of(std::to_string(pid)) == service && is_alive(pid);
    if (is_of_it) found.push_back({pid, process_name(pid)});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.pid < b.pid; });
  return found;
}

Result<void> signal_in_service(Pid pid, Signal signal) {
  const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!process) return failed("open process " + std::to_string(pid));
  const auto service = service_of("self");  // the pid is that process's as long as this tells
  if (service.empty() || service_of(std::to_string(pid)) != service) {
    return refused("signal process " + std::to_string(pid) + ": it is none of this service");
  }
  return send_signal(process.get(), signal);
}

}  // namespace hupd::os
