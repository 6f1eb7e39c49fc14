// The signals that lead a master.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>

#include "loop/handle.hpp"
#include "os/signal_queue.hpp"

namespace hupd::master {

// From its making on they wait; what is sent before there is somebody to act on it is not lost.
class Signals {
 public:
  static os::Result<Signals> create();

  // `handler` is called once for one or more that have come, in the loop, for as long as this
  // object lives. Of those that create() has made wait.
  void on(uv_loop_t* loop, int number, std::function<void()> handler);
  void ignore_all() { watches_.clear(); }  // they wait for ever

 private:
  Signals() = default;
  std::map<int, std::unique_ptr<os::SignalQueue>> queues_;
  std::list<loop::Readable> watches_;
};

}  // namespace hupd::master
