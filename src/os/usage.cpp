#include "os/usage.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include <unistd.h>

namespace hupd::os {

namespace {

std::optional<std::uint64_t> pss_in(const std::string& file) {
  std::ifstream rollup(file);
  for (std::string line; std::getline(rollup, line);) {
    if (line.rfind("Pss:", 0) != 0) continue;
    std::istringstream rest(line.substr(4));
    std::uint64_t kib = 0;
    if (rest >> kib) return kib * 1024;
  }
  return std::nullopt;
}

// The fields behind the name, which may hold anything: utime and stime are the 12th and 13th.
std::optional<std::uint64_t> cpu_in(const std::string& file) {
  std::ifstream stat(file);
  std::string line;
  if (!std::getline(stat, line)) return std::nullopt;
  std::istringstream rest(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) rest >> skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  if (!(rest >> user >> system)) return std::nullopt;
  return (user + system) * 1000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
}

std::string place_of(Pid pid) { return "/proc/" + std::to_string(pid); }

}  // namespace

std::optional<std::uint64_t> resident_bytes(Pid pid) {
  std::ifstream statm(place_of(pid) + "/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;  // in pages
  if (!(statm >> size >> resident)) return std::nullopt;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

Usage usage_of(Pid pid, Pss pss) {
  const std::string place = place_of(pid);
  return {pss == Pss::Read ? pss_in(place + "/smaps_rollup") : std::nullopt, resident_bytes(pid),
          cpu_in(place + "/stat")};
}

}  // namespace hupd::os
