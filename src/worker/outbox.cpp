#include "worker/outbox.hpp"

#include "handover/queue.hpp"
#include "os/clock.hpp"
#include "wire/scoreboard.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

namespace {

// The queue is full by the kernel's send buffer (with Linux's default of 212,992 bytes, counted:
// 278 parcels of 120 bytes, 93 of 1,000 or batches of 16, 13 of 16,000), and becomes writable when
// three quarters of it are read. When too many descriptors are in flight, which no poll can wait
// for, it is left alone for so long.
constexpr std::uint64_t retry_ms = 5;

}  // namespace

Outbox::Outbox(uv_loop_t* loop, int queue, std::size_t max_body,
               std::atomic<std::uint64_t>* room_since_ns, std::function<void()> on_room)
    : queue_(queue),
      max_body_(max_body),
      shown_(room_since_ns),
      on_room_(std::move(on_room)),
      room_(loop, queue, [this] { go_on(); }),
      retry_(loop, [this] { go_on(); }) {}

void Outbox::go_on() {
  room_.stop();
  show(true);
  on_room_();
}

void Outbox::show(bool has_room) {
  if (std::exchange(has_room_, has_room) == has_room || shown_ == nullptr) return;
  *shown_ = has_room ? os::monotonic_ns() : wire::no_room;
}

handover::Given Outbox::give(std::span<const handover::Outgoing> batch) {
  const auto sent = handover::send(queue_, batch, max_body_);
  if (sent.given == handover::Given::Full) {
    show(false);
    if (sent.waits_for_room) {
      room_.start();
    } else {
      retry_.start(retry_ms);
    }
  }
  if (sent.given == handover::Given::Refused && batch.size() == 1 &&
      !std::exchange(has_complained_, true)) {
    log_line(HUPD_WARNING, "a connection is too large to be handed over: " + sent.why);
  }
  return sent.given;
}

}  // namespace hupd::worker
