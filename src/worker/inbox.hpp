// The hand-over queue as a worker of the generation that serves reads it.
#pragma once

#include <cstdint>
#include <functional>

#include "handover/queue.hpp"
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
  Inbox(os::Fd queue, std::size_t max_body, MayTake may_take, Adopt adopt);

  Source source() {
    return {queue_.get(), [this] { return take(); }};
  }

  Taken take();

 private:
  bool has_descriptors() const;

  os::Fd queue_;
  std::size_t max_body_;
  MayTake may_take_;
  Adopt adopt_;
  Reserve reserve_;
};

}  // namespace hupd::worker
