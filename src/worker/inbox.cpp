#include "worker/inbox.hpp"

#include <cerrno>

#include "worker/host.hpp"

namespace hupd::worker {

namespace {

constexpr std::uint64_t out_of_resources_ms = 100;

}  // namespace

Inbox::Inbox(uv_loop_t* loop, os::Fd queue, std::size_t max_body, MayTake may_take, Adopt adopt)
    : loop_(loop),
      queue_(std::move(queue)),
      max_body_(max_body),
      may_take_(std::move(may_take)),
      adopt_(std::move(adopt)),
      try_again_(loop, [this] { empty(when_empty_); }) {}

// Before a parcel is taken, since the kernel drops the descriptors that it cannot place. It gives
// the lowest free number, which so tells how many are in use; the parcel before in the same
// millisecond has told it already.
bool Inbox::has_descriptors() {
  if (free_at_ == uv_now(loop_)) return true;
  const auto probe = os::duplicate(queue_.get());
  return probe && !reserve_.holds(probe->get());
}

void Inbox::empty(std::function<void()> then) {
  when_empty_ = std::move(then);
  Taken taken{Taken::Status::One};
  while (taken.status == Taken::Status::One) taken = take();
  if (taken.status == Taken::Status::OutOfResources) return try_again_.start(out_of_resources_ms);
  const auto callback = std::move(when_empty_);
  callback();
}

Taken Inbox::take() {
  if (!may_take_()) return {Taken::Status::NotOurs};
  if (!has_descriptors()) return {Taken::Status::OutOfResources, -1, EMFILE};
  auto received = handover::receive(queue_.get(), max_body_);
  if (auto* arrival = std::get_if<handover::Arrival>(&received)) {
    const int fd = arrival->fd.get();
    if (arrival->parcel.is_cut) {
      log_line(HUPD_WARNING,
               "a connection that was handed over is ended: its state and unread bytes are more "
               "than " +
                   std::to_string(max_body_) + " bytes (handover.max_state)");
    }
    free_at_ = reserve_.holds(fd) ? 0 : uv_now(loop_);
    adopt_(std::move(arrival->parcel), std::move(arrival->fd));
    return {Taken::Status::One, fd};
  }
  if (const auto* malformed = std::get_if<handover::Malformed>(&received)) {
    log_line(HUPD_ERROR, "refused from the hand-over queue: " + malformed->why);
    return {Taken::Status::One};
  }
  // An end of file: master and workers are gone but for this one.
  return {std::holds_alternative<os::WouldBlock>(received) ? Taken::Status::Nothing
                                                           : Taken::Status::Ended};
}

}  // namespace hupd::worker
