// The time limits of all connections of a worker, for the price of one libuv timer.
//
// A limit such as "idle for 75 s" is the same for every connection, so deadlines of one limit fall
// due in the order in which they were set: a list, appended at the end, expired from the front.
// Setting and moving a deadline is relinking; the timer is touched only when an earlier one
// appears.
//
// What is due expires when the loop has looked at its sockets once more: after a long callback, or
// on a machine that gave the process no time, the bytes that were waited for may be there already,
// and whoever sent them in time is not to be told that he was late.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include <uv.h>

#include "connection/list.hpp"
#include "loop/handle.hpp"

namespace hupd::connection {

// One wait of one owner. Expires at most once for each time it was set.
class Deadline : public Hook<Deadline> {
 public:
  using Expired = void (*)(void* owner);
  Deadline(Expired expired, void* owner) : expired_(expired), owner_(owner) {}
  void cancel() { unlink(); }

 private:
  friend class Deadlines;
  friend class Limit;
  Expired expired_;
  void* owner_;
  std::uint64_t due_ms_ = 0;
};

class Deadlines;

// All deadlines of one duration. A duration of 0 never falls due: setting it only cancels.
class Limit {
 public:
  Limit(Deadlines& all, std::uint64_t duration_ms) : all_(all), duration_ms_(duration_ms) {}
  void set(Deadline& deadline);  // from now on, in place of what it was set to

 private:
  friend class Deadlines;
  Deadlines& all_;
  std::uint64_t duration_ms_;
  List<Deadline> waiting_;
};

class Deadlines {
 public:
  explicit Deadlines(uv_loop_t* loop);

  // The limit of that duration, made at the first call; lives as long as this object.
  Limit& limit(std::chrono::milliseconds duration);

  // For durations that an application chooses at will: rounded up by less than an eighth, so that
  // the number of limits stays small.
  Limit& rounded_limit(std::chrono::milliseconds duration);

 private:
  friend class Limit;
  enum class Looks { No, Soon, Now };  // at the sockets, before what is due expires
  void arm(std::uint64_t due_ms);
  void fall_due();
  void turn();
  void expire();

  uv_loop_t* loop_;
  loop::Timer timer_;
  loop::EveryTurn turns_;
  Looks looks_ = Looks::No;
  std::uint64_t due_by_ms_ = 0;  // as of the time before that look
  std::map<std::uint64_t, Limit> limits_;
  std::uint64_t armed_for_ms_ = UINT64_MAX;  // UINT64_MAX: the timer is not running
};

}  // namespace hupd::connection
