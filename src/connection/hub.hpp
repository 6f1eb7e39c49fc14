// What all connections of one worker share: loop, read buffer, deadlines, counters, their registry.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include <uv.h>

#include "connection/counters.hpp"
#include "connection/deadlines.hpp"
#include "connection/list.hpp"
#include "handover/successors.hpp"
#include "loop/handle.hpp"

namespace hupd::connection {

class Connection;
struct Registered;  // tags of the lists that a connection stands in
struct Woken;
struct Departing;

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

  // Instead of drain(): each connection goes to `successors` as it comes to rest, and goes on here
  // until then. When there is nobody any more, the rest is drained. Outlives the hub.
  void hand_over(handover::Successors& successors);
  void go_on();  // there is room again
  void stop_handing_over();
  // Of those that are at rest, up to `most`, while this worker serves on. Returns how many went.
  std::size_t hand_over_some(handover::Successors& successors, std::size_t most);
  // What is at rest now leaves at once: nothing new is to be begun on it.
  bool can_hand_over() const { return successors_ != nullptr && successors_->have_room(); }

  // Closes everything at once; returns how many had something in hand.
  std::size_t abort_all();

  // For connections: `wake` has `Connection::run` called from the loop, outside of any callback of
  // the application.
  void add(Connection& connection);
  void remove(Connection& connection, bool is_counted);
  void recount() { --counters_.accepted; }  // the next one to be added is one that is here already
  void report_if_empty();
  void wake(Connection& connection);
  void may_depart(Connection& connection);                // it may have come to rest
  const std::string& listener(std::string_view address);  // lives as long as the hub

 private:
  static constexpr std::size_t read_buffer_size = std::size_t{64} * 1024;

  void run();
  void run_woken();
  void run_departing();

  uv_loop_t* loop_;
  Counters& counters_;
  Deadlines deadlines_;
  loop::EveryTurn waker_;  // runs while connections are woken
  std::unique_ptr<char[]> read_buffer_;
  List<Connection, Registered> connections_;
  List<Connection, Woken> woken_;
  List<Connection, Departing> departing_;
  std::set<std::string, std::less<>> listeners_;
  handover::Successors* successors_ = nullptr;
  std::size_t open_ = 0;
  bool draining_ = false;
  std::function<void()> on_empty_;
};

}  // namespace hupd::connection
