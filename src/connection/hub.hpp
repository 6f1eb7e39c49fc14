// What all connections of one worker share: loop, read buffer, deadlines, counters, their registry.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include <uv.h>

#include "connection/counters.hpp"
#include "connection/deadlines.hpp"
#include "connection/list.hpp"
#include "loop/handle.hpp"

namespace hupd::connection {

class Connection;
struct Registered;  // tags of the lists that a connection stands in
struct Woken;

// Outlives its connections. After its destruction the loop must turn once more.
class Hub {
 public:
  Hub(uv_loop_t* loop, Counters& counters);
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  uv_loop_t* loop() const { return loop_; }
  Counters& counters() const { return counters_; }
  Deadlines& deadlines() { return deadlines_; }

  // Where every connection reads into: used up, or its rest saved, before the next one reads.
  std::span<char> read_buffer() const { return {read_buffer_.get(), read_buffer_size}; }

  std::size_t open() const { return open_; }
  // Called each time the last connection has gone.
  void on_empty(std::function<void()> callback) { on_empty_ = std::move(callback); }

  // Tells every connection, once; connections that come later find `draining()` true.
  void drain();
  bool draining() const { return draining_; }
  void release_idle();

  // Closes everything at once; returns how many had something in hand.
  std::size_t abort_all();

  // For connections: `wake` has `Connection::run` called from the loop, outside of any callback of
  // the application.
  void add(Connection& connection);
  void remove(Connection& connection);
  void report_if_empty();
  void wake(Connection& connection);

 private:
  static constexpr std::size_t read_buffer_size = std::size_t{64} * 1024;

  void run_woken();

  uv_loop_t* loop_;
  Counters& counters_;
  Deadlines deadlines_;
  loop::EveryTurn waker_;  // runs while connections are woken
  std::unique_ptr<char[]> read_buffer_;
  List<Connection, Registered> connections_;
  List<Connection, Woken> woken_;
  std::size_t open_ = 0;
  bool draining_ = false;
  std::function<void()> on_empty_;
};

}  // namespace hupd::connection
