// Taking connections, new ones from the shared listening sockets and living ones from the hand-over
// queue: few a wake-up, evenly among siblings, and never with the last descriptors.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <uv.h>

#include "connection/counters.hpp"
#include "loop/watches.hpp"
#include "os/fd.hpp"
#include "os/peer.hpp"
#include "wire/scoreboard.hpp"
#include "worker/reserve.hpp"
#include "worker/source.hpp"

namespace hupd::worker {

struct Listener {
  std::string address;
  os::Fd fd;
};

// In one worker's loop. What is referred to outlives it.
class Acceptor {
 public:
  using Take = std::function<void(os::Fd fd, const os::Peer& peer, const std::string& listener)>;

  Acceptor(uv_loop_t* loop, std::vector<Listener> listeners, const wire::Scoreboard& scoreboard,
           const connection::Counters& counters, Take take);
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Begin to take, from all or from another source.
  void start();
  void start(Source source);
  // Stops to listen, for good, and closes this process's copies. From the listeners named in
  // `removed`, which nobody will serve any more, what waits in the queue is taken first. Other
  // sources stay.
  void stop_listening(const std::vector<std::string>& removed);
  // Stops everything.
  void stop();

  const std::vector<Listener>& listeners() const { return listeners_; }

 private:
  Source source_of(const Listener& listener);
  void on_readable(std::size_t source);
  int take_from(std::size_t source);
  void stand_back();
  void pause_for_want(const std::string& of_what);
  void resume();
  bool should_stand_back() const;
  bool stood_back_in_vain() const;

  uv_loop_t* loop_;
  std::vector<Listener> listeners_;
  const wire::Scoreboard& scoreboard_;
  const connection::Counters& counters_;
  Take take_;
  std::vector<Source> sources_;  // those of listeners_ come first
  loop::Watches watches_;        // of sources_, by their numbers
  Reserve reserve_;
  bool stood_back_ = false;       // the pause that just ended was for siblings
  std::uint64_t resumed_at_ = 0;  // uv_now, as the next ones
  std::uint64_t greedy_until_ = 0;
};

}  // namespace hupd::worker
