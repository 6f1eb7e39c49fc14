#include "os/proc_entry.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>

#include <dirent.h>

namespace hupd::os {

std::vector<Pid> visible_processes() {
  std::vector<Pid> found;
  DIR* processes = ::opendir("/proc");
  if (processes == nullptr) return found;
  while (const dirent* entry = ::readdir(processes)) {
    Pid pid = 0;
    const char* end = entry->d_name + std::strlen(entry->d_name);
    const auto parsed = std::from_chars(entry->d_name, end, pid);
    if (parsed.ec == std::errc{} && parsed.ptr == end) found.push_back(pid);
  }
  ::closedir(processes);
  return found;
}

std::string process_name(Pid pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

// "PID (NAME) STATE PARENT …", where anything may be in the name.
ProcessState process_state(Pid pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text, '\0');
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(text.substr(name_end + 1));
  ProcessState state;
  if (!(rest >> state.letter >> state.parent)) return {};
  return state;
}

bool is_dead(Pid pid) {
  const char letter = process_state(pid).letter;
  return letter == 'Z' || letter == 'X' || (::kill(pid, 0) != 0 && errno == ESRCH);
}

}  // namespace hupd::os
