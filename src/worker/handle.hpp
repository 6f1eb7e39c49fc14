// What the application holds as `struct hupd_worker*`.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <uv.h>

#include <hupd/app.h>

#include "connection/counters.hpp"

struct hupd_worker {
  uv_loop_t* loop = nullptr;
  std::uint64_t generation = 0;
  std::uint32_t slot = 0;
  hupd::connection::Counters counters;  // copied to the scoreboard at every turn of the loop

  std::function<void()> ready;  // answers to HUPD_PENDING; the second and later ones do nothing
  std::function<void(std::string reason)> start_failed;
  std::function<void(std::uint64_t number, const std::optional<std::string>& fault)> probe_done;
  std::function<void(const std::optional<std::string>& fault)> reports;  // of itself
  std::atomic<std::uint32_t>* adopting = nullptr;       // this worker's, on the scoreboard; or none
  std::atomic<std::uint64_t>* room_since_ns = nullptr;  // likewise
  bool refuses_adoption = false;                        // others of its generation died of it

  // Listener height. The others have no use for it, and an application may not know.
  std::function<void()> drained = [] {};
  std::function<int(int fd, hupd_str listener, const hupd_state& state)> hand_over =
      [](int, hupd_str, const hupd_state&) { return int{HUPD_NEVER}; };
};
