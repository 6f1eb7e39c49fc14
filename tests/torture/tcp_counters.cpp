#include "tcp_counters.hpp"

#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace hupd::torture {

// Pairs of lines: "TcpExt: Name Name …" and "TcpExt: 0 17 …".
TcpCounters read_tcp_counters() {
  std::ifstream file("/proc/net/netstat");
  std::map<std::string, std::int64_t> counters;
  std::string names_line, values_line;
  while (std::getline(file, names_line) && std::getline(file, values_line)) {
    std::istringstream names(names_line), values(values_line);
    std::string group, name;
    std::int64_t value = 0;
    names >> group;
    values >> group;
    if (group != "TcpExt:") continue;
    while (names >> name && values >> value) counters[name] = value;
  }
  return {.time_wait_overflow = counters["TCPTimeWaitOverflow"],
          .listen_overflows = counters["ListenOverflows"],
          .listen_drops = counters["ListenDrops"]};
}

TcpCounters operator-(const TcpCounters& later, const TcpCounters& earlier) {
  return {.time_wait_overflow = later.time_wait_overflow - earlier.time_wait_overflow,
          .listen_overflows = later.listen_overflows - earlier.listen_overflows,
          .listen_drops = later.listen_drops - earlier.listen_drops};
}

}  // namespace hupd::torture
