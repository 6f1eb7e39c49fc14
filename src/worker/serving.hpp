// How a worker serves: the one difference between the heights that its life has to know.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <uv.h>

#include "config/settings.hpp"
#include "os/result.hpp"
#include "wire/scoreboard.hpp"
#include "worker/acceptor.hpp"
#include "worker/application.hpp"
#include "worker/handle.hpp"

namespace hupd::worker {

// Called from the loop, once, when a worker that was told to go has nothing left.
using OnDrained = std::function<void()>;

class Serving {
 public:
  virtual ~Serving() = default;

  // The switch: accept from now on.
  virtual os::Result<void> accept() = 0;
  // Accept no more, finish what is in hand. `removed`: see wire::Removed.
  virtual void drain(const std::vector<std::string>& removed) = 0;
  // The same while others serve: living connections go to them.
  virtual void retire(const std::vector<std::string>& removed) = 0;
  // The service ends: connections at rest are not waited for. Before or after drain().
  virtual void release_idle() = 0;
  // Close everything at once. Returns how many connections were cut.
  virtual std::uint64_t quit() = 0;
};

// What it is made of; all of it outlives it.
struct Ground {
  uv_loop_t* loop;
  Application& application;
  hupd_worker& handle;
  const config::App& settings;
  const wire::Scoreboard& scoreboard;
};

// The descriptors that the master gave it for that.
struct Assigned {
  std::vector<Listener> listeners;
  os::Fd handed_over;   // the reading end of the hand-over queue
  os::Fd to_hand_over;  // its writing end
};

std::unique_ptr<Serving> make_serving(const Ground& ground, Assigned assigned,
                                      OnDrained on_drained);

}  // namespace hupd::worker
