#include "worker/inbox.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "os/limits.hpp"
#include "os/local_stream.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

namespace {

constexpr std::uint64_t out_of_resources_ms = 100;
constexpr std::uint64_t second_ms = 1'000;
constexpr std::uint32_t most_told = 20;
constexpr std::chrono::milliseconds now(0);

}  // namespace

Inbox::Inbox(uv_loop_t* loop, os::Fd queue, std::size_t max_body, MayTake may_take, Adopt adopt)
    : loop_(loop),
      queue_(std::move(queue)),
      max_body_(max_body),
      may_take_(std::move(may_take)),
      adopt_(std::move(adopt)),
      try_again_(loop, [this] { empty(when_empty_); }) {}

// Before anything is taken, since the kernel drops the descriptors that it cannot place; whether
// one waits or a batch, nobody knows. Looking anew each time would be a tenth of what a parcel
// costs.
bool Inbox::has_descriptors() {
  if (looked_at_ == uv_now(loop_) && free_ >= 2 * handover::most_descriptors) return true;
  const auto enough = std::max<std::uint64_t>(reserve_.size(), handover::most_descriptors);
  free_ = os::has_free_descriptors(enough, reserve_.limit()) ? enough : 0;
  looked_at_ = uv_now(loop_);
  return free_ != 0;
}

void Inbox::empty(std::function<void()> then) {
  when_empty_ = std::move(then);
  Taken taken{Taken::Status::Some};
  while (taken.status == Taken::Status::Some) taken = take();
  if (taken.status == Taken::Status::OutOfResources) return try_again_.start(out_of_resources_ms);
  const auto callback = std::move(when_empty_);
  callback();
}

Taken Inbox::take() {
  if (!may_take_()) return {Taken::Status::NotOurs};
  if (!has_descriptors()) {
    const bool something_waits = os::wait_for_stream(queue_.get(), false, now);
    return {something_waits ? Taken::Status::OutOfResources : Taken::Status::Nothing, -1, EMFILE};
  }
  auto received = handover::receive(queue_.get(), max_body_);
  if (auto* arrivals = std::get_if<handover::Arrivals>(&received)) {
    const int last = arrivals->back().fd.get();
    // The application may open one more for each.
    free_ -= std::min<std::uint64_t>(free_, 2 * arrivals->size());
    for (auto& arrival : *arrivals) welcome(std::move(arrival));
    return {Taken::Status::Some, last, 0, static_cast<int>(arrivals->size())};
  }
  if (const auto* malformed = std::get_if<handover::Malformed>(&received)) {
    refuse(*malformed);
    return {Taken::Status::Some};
  }
  // An end of file: master and workers are gone but for this one.
  return {std::holds_alternative<os::WouldBlock>(received) ? Taken::Status::Nothing
                                                           : Taken::Status::Ended};
}

// Whoever writes such things may write many: of those beyond some a second only the number is told.
void Inbox::refuse(const handover::Malformed& malformed) {
  if (uv_now(loop_) - told_since_ >= second_ms) {
    told_since_ = uv_now(loop_);
    told_ = 0;
  }
  if (told_ == most_told) {
    ++untold_;
    return;
  }
  ++told_;
  const auto untold = std::exchange(untold_, 0U);
  log_line(HUPD_ERROR, "refused from the hand-over queue: " + malformed.why +
                           (untold == 0 ? "" : " (and " + std::to_string(untold) + " before)"));
}

void Inbox::welcome(handover::Arrival arrival) {
  if (arrival.parcel.is_cut) {
    log_line(HUPD_WARNING,
             "a connection that was handed over is ended: its state and unread bytes are more "
             "than " +
                 std::to_string(max_body_) + " bytes (handover.max_state)");
  }
  adopt_(std::move(arrival.parcel), std::move(arrival.fd));
}

}  // namespace hupd::worker
