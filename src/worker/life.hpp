// A worker in its loop: what the master asks of it, and what becomes of it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <uv.h>

#include "loop/handle.hpp"
#include "os/spare.hpp"
#include "worker/boot.hpp"
#include "worker/handle.hpp"
#include "worker/health.hpp"
#include "worker/orphanhood.hpp"
#include "worker/probing.hpp"
#include "worker/pulse.hpp"
#include "worker/serving.hpp"
#include "worker/succession.hpp"
#include "worker/wear.hpp"

namespace hupd::worker {

// Starting → Proving → Standby → Accepting → Draining → Ended. The master leads. After a SIGTERM to
// this process alone it is asked for the order to drain; one that is gone or does not answer is not
// waited for. One that has died may be followed by another (see Orphanhood), as long as somebody
// keeps the other end of the channel: at its end the worker drains.
class Life {
 public:
  // `on_ready` is called when the boot has succeeded.
  Life(uv_loop_t* loop, wire::Link channel, const config::App& app, Application application,
       Assignment assignment, std::function<void()> on_ready);
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

  // Calls the application's start, then runs the loop to the end: the exit code.
  int run();

 private:
  enum class State { Starting, Proving, Standby, Accepting, Draining, Ended };

  void set_up_handle();
  void start_application();
  void started();
  void prove();
  void probed(const Probing::Fault& fault);
  void probe_while_it_serves();
  void probe_no_more();
  void became_ready();
  void failed(const std::string& reason);
  void read_channel();
  void obey(wire::Letter& letter);
  void inherit(const wire::Inherit& from, const std::vector<os::Fd>& fds);
  void accept();
  void drain(const wire::Drain& order);
  void limit_drain();
  void orphaned();
  void abandoned();
  void adopted(std::vector<os::Fd>& fds);
  void drain_by_itself();
  void ask_to_go();
  void quit();
  void end(int exit_code, std::uint64_t cut);
  void enter(State state, wire::Phase phase);
  void tell(const wire::Message& message, const std::vector<int>& fds = {});

  uv_loop_t* loop_;
  wire::Link channel_;
  const config::App& app_;
  Application application_;
  Assignment assignment_;
  std::function<void()> on_ready_;
  hupd_worker handle_;
  State state_ = State::Starting;
  int exit_code_ = 0;
  std::uint64_t cut_ = 0;             // see wire::Leaving
  bool awaits_ = false;               // has asked for what was left, see wire::Awaits
  std::vector<std::string> removed_;  // see wire::Removed
  loop::Readable channel_watch_;
  loop::Timer drain_timer_;
  loop::Timer patience_;  // with a master that was asked
  Orphanhood orphanhood_;
  os::Spare room_for_next_;  // master's pidfd, or whatever else comes through the channel
  loop::Signal term_;
  loop::Signal quit_;
  Pulse pulse_;
  Succession succession_;
  Probing probing_;
  Health health_;
  loop::Timer next_probe_;    // while it accepts, between two probes
  std::optional<Wear> wear_;  // while it accepts
  std::unique_ptr<Serving> serving_;
};

}  // namespace hupd::worker
