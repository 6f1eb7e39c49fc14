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

// Called when a worker that was told to go has nothing left; perhaps more than once.
using OnDrained = std::function<void()>;

class Serving {
 public:
  virtual ~Serving() = default;

  // The switch: accept from now on.
  virtual os::Result<void> accept() = 0;
  // Accept no more, finish what is in hand. Call it once. `on_drained` is called when nothing is
  // left: from the loop, or before this returns. `removed`: see wire::Removed.
  // `is_last`: see wire::Drain.
  virtual void drain(const std::vector<std::string>& removed, bool is_last) = 0;
  // The same while others serve: living connections go to them.
  virtual void retire(const std::vector<std::string>& removed) = 0;
  // Nobody takes over any more: after this nothing is handed over. It becomes one of the last.
  virtual void end_handover() = 0;
  // What is in the hand-over queue is all there will be.
  virtual void queue_ends() = 0;
  // The service ends: connections at rest are not waited for. Before or after drain().
  virtual void release_idle() = 0;
  // Close everything at once: the loop has to finish its turn. Returns how many connections with
  // something in hand were cut; of the listener height, how many it counts as open.
  virtual std::uint64_t quit() = 0;
};

// What it is made of; all of it outlives it.
struct Basis {
  uv_loop_t* loop;
  Application& application;
  hupd_worker& handle;
  const config::App& settings;
  const wire::Scoreboard& scoreboard;
};

// While it lives, the application is asked to go on with a connection that was handed over.
class Adopting {
 public:
  explicit Adopting(const hupd_worker& worker) : flag_(worker.adopting) { set(1); }
  Adopting(const Adopting&) = delete;
  Adopting& operator=(const Adopting&) = delete;
  ~Adopting() { set(0); }

 private:
  void set(std::uint32_t value) {
    if (flag_ != nullptr) *flag_ = value;
  }
  std::atomic<std::uint32_t>* flag_;
};

// Of a connection that only another height could go on with: a deploy changed it.
inline constexpr const char* other_height =
    "a connection that was handed over is closed: it is of another height";

// Whether this worker's generation takes what is handed over, see wire::Header.
bool may_take(const Basis& basis);

// The descriptors that the master gave it for that.
struct Assigned {
  std::vector<Listener> listeners;
  os::Fd handed_over;   // the reading end of the hand-over queue
  os::Fd to_hand_over;  // its writing end
};

std::unique_ptr<Serving> make_serving(const Basis& basis, Assigned assigned, OnDrained on_drained);

}  // namespace hupd::worker
