#include "connection/deadlines.hpp"

#include <algorithm>
#include <bit>

namespace hupd::connection {

void Limit::set(Deadline& deadline) {
  if (duration_ms_ == 0) return deadline.cancel();
  deadline.due_ms_ = uv_now(all_.loop_) + duration_ms_;
  waiting_.push_back(deadline);
  if (deadline.due_ms_ < all_.armed_for_ms_) all_.arm(deadline.due_ms_);
}

Deadlines::Deadlines(uv_loop_t* loop)
    : loop_(loop), timer_(loop, [this] { fall_due(); }), turns_(loop, [this] { turn(); }) {
  timer_.unref();  // a connection keeps the loop alive by itself
  turns_.unref();
}

Limit& Deadlines::limit(std::chrono::milliseconds duration) {
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
  return limits_.try_emplace(ms, *this, ms).first->second;
}

Limit& Deadlines::rounded_limit(std::chrono::milliseconds duration) {
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
  const int dropped_bits = std::max<int>(static_cast<int>(std::bit_width(ms)) - 4, 0);
  const std::uint64_t step = std::uint64_t{1} << dropped_bits;
  return limit(std::chrono::milliseconds((ms + step - 1) / step * step));
}

void Deadlines::arm(std::uint64_t due_ms) {
  armed_for_ms_ = due_ms;
  const std::uint64_t now = uv_now(loop_);
  timer_.start(due_ms > now ? due_ms - now : 0);
}

// The loop runs timers before it looks at sockets.
void Deadlines::fall_due() {
  armed_for_ms_ = UINT64_MAX;
  if (looks_ != Looks::No) return;  // expire() arms again
  looks_ = Looks::Soon;
  due_by_ms_ = uv_now(loop_);
  turns_.start();
}

// Once before the loop looks, and once after it.
void Deadlines::turn() {
  if (looks_ == Looks::Soon) {
    looks_ = Looks::Now;
    return;
  }
  looks_ = Looks::No;
  turns_.stop();
  expire();
}

void Deadlines::expire() {
  std::uint64_t next = UINT64_MAX;
  for (auto& [duration, limit] : limits_) {
    while (!limit.waiting_.empty()) {
      Deadline& first = limit.waiting_.front();
      if (first.due_ms_ > due_by_ms_) {
        next = std::min(next, first.due_ms_);
        break;
      }
      first.cancel();
      first.expired_(first.owner_);
    }
  }
  if (next < armed_for_ms_) arm(next);
}

}  // namespace hupd::connection
