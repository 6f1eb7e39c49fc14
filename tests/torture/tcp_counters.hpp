// The kernel's counters that say whether a run of many connections can be believed. When TIME_WAIT
// overflows, SYNs stall, and the server is blamed for it.
#pragma once

#include <cstdint>

namespace hupd::torture {

struct TcpCounters {
  std::int64_t time_wait_overflow = 0;
  std::int64_t listen_overflows = 0;
  std::int64_t listen_drops = 0;
};

TcpCounters read_tcp_counters();  // of this network namespace; zeros where /proc does not say
TcpCounters operator-(const TcpCounters& later, const TcpCounters& earlier);

}  // namespace hupd::torture
