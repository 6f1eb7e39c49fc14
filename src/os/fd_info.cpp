#include "os/fd_info.hpp"

#include <cstdlib>
#include <fstream>
#include <string>

namespace hupd::os {

std::optional<long> fd_info(int fd, std::string_view key) {
  std::ifstream file("/proc/self/fdinfo/" + std::to_string(fd));
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    char* end = nullptr;
    const char* begin = line.c_str() + key.size();
    const long number = std::strtol(begin, &end, 10);
    if (end != begin) return number;
  }
  return std::nullopt;
}

}  // namespace hupd::os
