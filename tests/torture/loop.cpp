#include "loop.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace hupd::torture {
namespace {

int checked(int result, const char* attempted) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), attempted);
  return result;
}

void control(int epoll, int operation, int fd, std::uint32_t events, Watcher* watcher) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = watcher;
  checked(epoll_ctl(epoll, operation, fd, &event), "epoll_ctl");
}

}  // namespace

Loop::Loop()
    : epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      timerfd_(checked(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd")) {
  control(epoll_, EPOLL_CTL_ADD, timerfd_, EPOLLIN, nullptr);
}

Loop::~Loop() {
  ::close(timerfd_);
  ::close(epoll_);
}

void Loop::watch(int fd, std::uint32_t events, Watcher& watcher) {
  control(epoll_, EPOLL_CTL_ADD, fd, events, &watcher);
}

void Loop::rewatch(int fd, std::uint32_t events, Watcher& watcher) {
  control(epoll_, EPOLL_CTL_MOD, fd, events, &watcher);
}

void Loop::unwatch(int fd) { control(epoll_, EPOLL_CTL_DEL, fd, 0, nullptr); }

Loop::Timer Loop::at(Time due, std::function<void()> action) {
  return timers_.emplace(due, std::move(action));
}

void Loop::run(const std::function<bool()>& done) {
  while (!done()) turn();
}

void Loop::arm() {
  const Time due = timers_.empty() ? Time::max() : timers_.begin()->first;
  if (due == armed_) return;
  armed_ = due;
  itimerspec spec{};
  if (due != Time::max()) {
    // All zero would disarm it, hence the one nanosecond for what is due already.
    const auto left = std::max(due - Clock::now(), Duration(1));
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
    spec.it_value.tv_sec = whole.count();
    spec.it_value.tv_nsec = std::chrono::nanoseconds(left - whole).count();
  }
  checked(timerfd_settime(timerfd_, 0, &spec, nullptr), "timerfd_settime");
}

// Input before timers: a close that has already arrived is seen before the next request is sent,
// as every client with a connection pool would see it.
void Loop::turn() {
  arm();
  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
  if (count < 0 && errno != EINTR) checked(count, "epoll_wait");
  now_ = Clock::now();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.ptr != nullptr) {
      static_cast<Watcher*>(event.data.ptr)->on_events(event.events);
    } else {
      std::uint64_t expirations = 0;
      if (::read(timerfd_, &expirations, sizeof expirations) > 0) armed_ = Time{};
    }
  }
  while (!timers_.empty() && timers_.begin()->first <= now_) {
    const auto timer = timers_.extract(timers_.begin());
    timer.mapped()();
  }
  retired_.clear();
}

}  // namespace hupd::torture
