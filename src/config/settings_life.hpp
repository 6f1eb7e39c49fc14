// How generations and workers come and go, as settings.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace hupd::config {

using Millis = std::chrono::milliseconds;
using Bytes = std::uint64_t;

struct Canary {
  std::uint32_t workers = 0;  // 0: none
  Millis hold{10'000};        // Millis::max(): until somebody decides
  bool operator==(const Canary&) const = default;
};

struct Probation {
  Millis time{0};             // after the switch; 0: none
  std::uint32_t crashes = 3;  // of workers meanwhile, that are forgiven
  bool operator==(const Probation&) const = default;
};

struct Reload {
  std::uint32_t surge = 0;         // workers; 0 in the settings means: as many as `workers`
  std::uint32_t max_draining = 4;  // generations
  Canary canary;
  Probation probation;
  bool operator==(const Reload&) const = default;
};

struct Rollback {
  std::uint32_t keep = 1;  // versions before the one that serves
  bool parked = true;      // the youngest of them stays loaded
  bool operator==(const Rollback&) const = default;
};

struct Restart {
  Millis backoff_first{100};
  Millis backoff_cap{30'000};
  std::uint32_t jitter_percent = 20;
  Millis stable_after{10'000};
  bool operator==(const Restart&) const = default;
};

struct Recycle {  // each limit 0: none
  std::uint32_t requests = 0;
  Millis age{0};
  Bytes memory = 0;  // resident
  std::uint32_t jitter_percent = 10;
  bool operator==(const Recycle&) const = default;
};

struct Probe {
  std::string path;  // of a request to its own HTTP service; empty: none
  std::string host = "localhost";
  Millis timeout{5'000};
  Millis interval{2'000};  // 0: only before it is ready
  bool operator==(const Probe&) const = default;
};

}  // namespace hupd::config
