// Identities, times and limits that events, actions and state share. Plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace hupd::core {

// Monotonic milliseconds from an origin of the caller's. The core is told the time, it never asks.
using Time = std::chrono::milliseconds;
using Duration = std::chrono::milliseconds;

// Number of a generation, from 1, never reused. 0: none.
using GenerationId = std::uint64_t;

// One worker process for its whole life, from 1, unique within the app, never reused. 0: none.
// (What people see is the slot: `worker=3` of generation 7.)
using WorkerId = std::uint64_t;

// Rules for one generation, from the configuration. Ranges are the configuration's to enforce; the
// core holds for any values (a surge or max_draining of 0 counts as 1).
struct Policy {
  std::uint32_t workers = 1;                  // 0 to 1024
  std::uint32_t surge = 1;                    // new workers at a time in a reload, from 1
  std::uint32_t max_draining = 4;             // generations at once, from 1
  std::uint32_t canary = 0;                   // new workers that serve first and alone; 0: none
  Duration canary_hold{10'000};               // for so long; hold_for_ever: until somebody decides
  std::uint32_t keep = 0;                     // superseded generations to go back to
  bool park = true;                           // with the zygote of the youngest of them
  Duration probation{0};                      // after a reload; 0: none
  std::uint32_t probation_crashes = 3;        // more losses than these meanwhile: back
  Duration boot_timeout{30'000};              // zygote: start to ready; worker: fork to ready
  Duration drain_timeout{30'000};             // drain to quit
  Duration kill_timeout{5'000};               // quit or abort to kill; zygote told to leave to kill
  Duration backoff_first{100};                // delay of the second restart; the first is at once
  Duration backoff_cap{30'000};               // longest delay
  std::uint32_t backoff_jitter_percent = 20;  // of the delay, up or down, 0 to 100
  Duration stable_after{10'000};  // a worker that served so long resets its slot's backoff
};

inline constexpr Duration hold_for_ever = Duration::max();

// How a process ended. `described` is for people: "signal 11 (SIGSEGV)", "exit code 3".
struct Exit {
  bool clean = false;  // exit code 0
  std::string described;
  bool is_blameless = false;  // it was lost with its master, by no fault of its own
};

}  // namespace hupd::core
