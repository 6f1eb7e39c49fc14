#include "os/self.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <dirent.h>
#include <sched.h>
#include <sys/prctl.h>

namespace hupd::os {

void set_title(int argc, char** argv, std::string_view title) {
  ::prctl(PR_SET_NAME, std::string(title.substr(0, 15)).c_str(), 0, 0, 0);
  if (argc < 1) return;
  char* begin = argv[0];
  // Measured once: after the first title the arguments are no longer there to be measured.
  static char* const end = argv[argc - 1] + std::strlen(argv[argc - 1]);  // its NUL stays
  std::memset(begin, 0, static_cast<std::size_t>(end - begin));
  std::memcpy(begin, title.data(), std::min(title.size(), static_cast<std::size_t>(end - begin)));
}

Result<std::size_t> count_threads() {
  DIR* tasks = ::opendir("/proc/self/task");
  if (tasks == nullptr) return failed("open /proc/self/task");
  std::size_t count = 0;
  while (const dirent* entry = ::readdir(tasks)) {
    if (entry->d_name[0] != '.') ++count;
  }
  ::closedir(tasks);
  return count;
}

std::uint32_t usable_cpus() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<std::uint32_t>(CPU_COUNT(&set));
}

}  // namespace hupd::os
