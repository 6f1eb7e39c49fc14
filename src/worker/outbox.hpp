// The hand-over queue as a worker that retires writes to it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include <uv.h>

#include "handover/successors.hpp"
#include "loop/handle.hpp"

namespace hupd::worker {

class Outbox final : public handover::Successors {
 public:
  // `on_room` is called from the loop, when there is room after a parcel was Full.
  // `queue` stays open as long as this.
  // `room_since_ns`: where that is shown to the master; or null.
  Outbox(uv_loop_t* loop, int queue, std::size_t max_body,
         std::atomic<std::uint64_t>* room_since_ns, std::function<void()> on_room);

  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox() { show(true); }

  handover::Given give(std::span<const handover::Outgoing> batch) override;
  bool have_room() const override { return has_room_; }

 private:
  void go_on();
  void show(bool has_room);

  int queue_;
  std::size_t max_body_;
  std::atomic<std::uint64_t>* shown_;
  std::function<void()> on_room_;
  loop::Writable room_;
  loop::Timer retry_;
  bool has_room_ = true;
  bool has_complained_ = false;
};

}  // namespace hupd::worker
