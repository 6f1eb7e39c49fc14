// Whether a worker has served long enough: the limits of [recycle].
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include <uv.h>

#include "config/settings.hpp"
#include "loop/handle.hpp"

namespace hupd::worker {

// What a worker has done and taken since it accepts.
struct Use {
  std::uint64_t requests = 0;  // of the listener height: those that it counts
  std::chrono::milliseconds age{0};
  std::uint64_t memory = 0;  // resident, in bytes: what ps calls RSS, with what siblings share
};

// One worker's own limits, each lower than the configured one by a random part of it, up to
// `jitter`: so that workers that began together do not end together, and none goes beyond. 0: none.
config::Recycle draw(const config::Recycle& limits, std::mt19937_64& random);

// The limit that was reached, in words: "1000 requests served (recycle.requests)".
std::optional<std::string> worn(const config::Recycle& limits, const Use& use);

// Looks at the requests each time the loop is about to wait, and at age and memory each second.
class Wear {
 public:
  using OnWorn = std::function<void(const std::string& limit)>;

  // `requests` outlives it. `on_worn` is called once, from the loop.
  Wear(uv_loop_t* loop, const config::Recycle& limits, const std::uint64_t& requests,
       OnWorn on_worn);

  // Calls `on_worn` once more if it has been called: whom it told may have died with it.
  void repeat();

 private:
  void look_at_requests();
  void look_at_all();
  void look(const Use& use);

  config::Recycle limits_;
  const std::uint64_t& requests_;
  OnWorn on_worn_;
  std::chrono::milliseconds began_;
  bool memory_is_known_ = true;
  std::optional<std::string> worn_;
  loop::BeforeWait before_wait_;
  loop::Timer every_second_;
};

}  // namespace hupd::worker
