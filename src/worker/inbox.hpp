// The hand-over queue as a worker of the generation that serves reads it.
#pragma once

#include <cstdint>
#include <functional>

#include <uv.h>

#include "handover/queue.hpp"
#include "loop/handle.hpp"
#include "os/fd.hpp"
#include "worker/reserve.hpp"
#include "worker/source.hpp"

namespace hupd::worker {

class Inbox {
 public:
  using Adopt = std::function<void(handover::Parcel parcel, os::Fd fd)>;

  // Whether this worker's generation takes what is handed over, see wire::Header.
  using MayTake = std::function<bool()>;

  // `max_body`: as handover::receive has it.
  Inbox(uv_loop_t* loop, os::Fd queue, std::size_t max_body, MayTake may_take, Adopt adopt);

  Source source() {
    return {queue_.get(), [this] { return take(); }, at_once};
  }

  // Takes all that waits, and calls `then`: at once, or later from the loop when there are not
  // descriptors enough before others have closed. The worker's own deadline bounds that.
  void empty(std::function<void()> then);

 private:
  // Parcels that come to thousands come in a burst: to wait for each anew is most of their cost.
  static constexpr int at_once = 32;

  Taken take();
  void welcome(handover::Arrival arrival);
  void refuse(const handover::Malformed& malformed);
  bool has_descriptors();

  uv_loop_t* loop_;
  os::Fd queue_;
  std::size_t max_body_;
  MayTake may_take_;
  Adopt adopt_;
  Reserve reserve_;
  std::uint64_t looked_at_ = 0;   // uv_now when
  std::uint64_t free_ = 0;        // so many descriptors were free, less those that came since
  std::uint64_t told_since_ = 0;  // uv_now, of what was refused
  std::uint32_t told_ = 0, untold_ = 0;
  std::function<void()> when_empty_;
  loop::Timer try_again_;
};

}  // namespace hupd::worker
