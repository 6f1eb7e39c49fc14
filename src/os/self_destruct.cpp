#include "os/self_destruct.hpp"

#include <signal.h>
#include <time.h>

namespace hupd::os {

SelfDestruct::SelfDestruct(std::chrono::milliseconds limit) {
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGKILL;
  timer_t timer{};
  if (::timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return;
  itimerspec when{};
  when.it_value.tv_sec = limit.count() / 1000;
  when.it_value.tv_nsec = (limit.count() % 1000) * 1'000'000 + 1;  // 0 would disarm it
  ::timer_settime(timer, 0, &when, nullptr);
  timer_ = timer;
}

void SelfDestruct::disarm() {
  if (timer_) ::timer_delete(static_cast<timer_t>(*timer_));
  timer_.reset();
}

}  // namespace hupd::os
