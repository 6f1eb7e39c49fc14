#include "os/self_destruct.hpp"

#include <signal.h>
#include <time.h>

namespace hupd::os {

SelfDestruct::SelfDestruct() {
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGKILL;
  timer_t timer{};
  if (::timer_create(CLOCK_MONOTONIC, &event, &timer) == 0) timer_ = timer;
}

SelfDestruct::~SelfDestruct() {
  if (timer_) ::timer_delete(static_cast<timer_t>(*timer_));
}

void SelfDestruct::arm(std::chrono::milliseconds limit) const {
  itimerspec when{};
  when.it_value.tv_sec = limit.count() / 1000;
  when.it_value.tv_nsec = (limit.count() % 1000) * 1'000'000 + 1;  // 0 would disarm it
  if (timer_) ::timer_settime(static_cast<timer_t>(*timer_), 0, &when, nullptr);
}

void SelfDestruct::disarm() const {
  const itimerspec never{};
  if (timer_) ::timer_settime(static_cast<timer_t>(*timer_), 0, &never, nullptr);
}

}  // namespace hupd::os
