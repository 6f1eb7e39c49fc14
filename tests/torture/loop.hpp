// One thread, one epoll, timers in order of time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "time.hpp"

namespace hupd::torture {

class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_events(std::uint32_t events) = 0;
};

class Loop {
 public:
  using Timers = std::multimap<Time, std::function<void()>>;
  using Timer = Timers::iterator;

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Time now() const { return now_; }  // as of this turn

  void watch(int fd, std::uint32_t events, Watcher& watcher);
  void rewatch(int fd, std::uint32_t events, Watcher& watcher);
  void unwatch(int fd);

  Timer at(Time due, std::function<void()> action);
  void cancel(Timer timer) { timers_.erase(timer); }  // REQUIRES: not yet fired
  Timer no_timer() { return timers_.end(); }

  // Destroys at the end of this turn: events of the same turn may still name the watcher.
  void retire(std::unique_ptr<Watcher> watcher) { retired_.push_back(std::move(watcher)); }

  // Turns until `done()` says so, which it is asked once a turn.
  void run(const std::function<bool()>& done);

 private:
  void turn();
  void arm();

  int epoll_ = -1;
  int timerfd_ = -1;  // epoll's own timeout counts milliseconds, too coarse for an open loop
  Time armed_{};
  Time now_ = Clock::now();
  Timers timers_;
  std::vector<std::unique_ptr<Watcher>> retired_;
};

}  // namespace hupd::torture
