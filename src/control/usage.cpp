#include "control/usage.hpp"

namespace hupd::control {

// It takes the kernel its time for a process with much memory, so it is not the master's to do.
void add_usage(Status& status, os::Pss pss) {
  for (auto& app : status.apps) {
    for (auto& generation : app.generations) {
      if (generation.zygote_pid != 0) {
        const auto zygote = static_cast<os::Pid>(generation.zygote_pid);
        generation.zygote_pss_bytes = os::usage_of(zygote, pss).pss_bytes;
      }
      for (auto& worker : generation.workers) {
        if (worker.pid == 0) continue;
        const auto usage = os::usage_of(static_cast<os::Pid>(worker.pid), pss);
        worker.pss_bytes = usage.pss_bytes;
        worker.rss_bytes = usage.rss_bytes;
        worker.cpu_ms = usage.cpu_ms;
      }
    }
  }
}

}  // namespace hupd::control
