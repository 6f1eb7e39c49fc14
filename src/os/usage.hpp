// What a process uses, from /proc.
#pragma once

#include <cstdint>
#include <optional>

#include "os/process.hpp"

namespace hupd::os {

struct Usage {
  // Its share of what is in RAM: a page that n processes have counts as one n-th. The kernel walks
  // the process's page tables for it, and shows it to its user and to root.
  std::optional<std::uint64_t> pss_bytes;
  std::optional<std::uint64_t> rss_bytes;  // with all that it shares
  std::optional<std::uint64_t> cpu_ms;
};
enum class Pss { Read, Skip };
Usage usage_of(Pid pid, Pss pss);

// Its rss_bytes alone, which the kernel has at hand.
std::optional<std::uint64_t> resident_bytes(Pid pid);

}  // namespace hupd::os
