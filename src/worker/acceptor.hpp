// Accepting from the shared listening sockets: one connection a wake-up, evenly among siblings,
// and never with the last descriptors.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <uv.h>

#include "connection/counters.hpp"
#include "loop/handle.hpp"
#include "os/fd.hpp"
#include "os/peer.hpp"
#include "wire/scoreboard.hpp"

namespace hupd::worker {

struct Listener {
  std::string address;
  os::Fd fd;
};

// In one worker's loop. What is referred to outlives it.
class Acceptor {
 public:
  using Take = std::function<void(os::Fd connection, const os::Peer& peer)>;

  Acceptor(uv_loop_t* loop, std::vector<Listener> listeners, const wire::Scoreboard& scoreboard,
           const connection::Counters& counters, Take take);
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  void start();
  // Stops for good and closes this process's copies. From the listeners named in `removed`, which
  // nobody will serve any more, what waits in the queue is taken first.
  void stop(const std::vector<std::string>& removed);

  const std::vector<Listener>& listeners() const { return listeners_; }

 private:
  enum class Pause { StandBack, OutOfResources };

  void on_readable(int listener);
  bool accept_from(int listener);
  void pause(Pause why);
  void resume();
  bool should_stand_back() const;
  bool stood_back_in_vain() const;
  void complain(const std::string& text);
  bool out_of_reserve(int fd) const;

  uv_loop_t* loop_;
  std::vector<Listener> listeners_;
  const wire::Scoreboard& scoreboard_;
  const connection::Counters& counters_;
  Take take_;
  std::vector<std::unique_ptr<loop::Readable>> watches_;  // in the order of listeners_
  loop::Timer pause_timer_;
  bool stood_back_ = false;       // the pause that just ended was for siblings
  std::uint64_t resumed_at_ = 0;  // uv_now, as the next ones
  std::uint64_t greedy_until_ = 0;
  std::uint64_t descriptor_limit_;
  std::uint64_t reserve_;
  std::uint64_t complained_at_ = 0;
};

}  // namespace hupd::worker
