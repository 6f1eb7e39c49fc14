#include "os/orphan.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "os/self_destruct.hpp"

namespace hupd::os {

namespace {

// What the handler knows. Never destroyed: it is needed while the process ends, too.
struct Watch {
  Pid last_parent;
  std::chrono::milliseconds limit;
  SelfDestruct deadline = {};
  std::optional<timer_t> look = {};    // once somebody has adopted it
  volatile sig_atomic_t is_armed = 0;  // the death of whoever adopts it is no reason to begin anew

  void strike() {
    if (is_armed != 0) return;
    is_armed = 1;
    deadline.arm(limit);
  }
};

Watch* watch = nullptr;
volatile sig_atomic_t leader = -1;  // the pidfd of who has adopted it

// Far from the numbers that applications and libraries take, which count from SIGRTMIN, and not
// SIGRTMAX itself, which is valgrind's.
int parent_died() { return SIGRTMAX - 2; }

// Comes with the first parent's death as well, and by the timer. The kernel gives a process its new
// parent before it sends the signal.
void on_parent_died(int) {
  const int error = errno;
  const bool is_led = leader >= 0 ? !has_ended(leader) : ::getppid() == watch->last_parent;
  if (!is_led) watch->strike();
  errno = error;
}

// Without a timer, which is rare, it is as before the parents' death: a healthy process ends by
// itself.
void look_now_and_then() {
  if (!watch->look) {
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = parent_died();
    timer_t timer{};
    if (::timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return;
    watch->look = timer;
  }
  const auto period = std::max(watch->limit / 4, std::chrono::milliseconds(100));
  itimerspec when{};
  when.it_interval.tv_sec = period.count() / 1000;
  when.it_interval.tv_nsec = (period.count() % 1000) * 1'000'000;
  when.it_value = when.it_interval;
  ::timer_settime(*watch->look, 0, &when, nullptr);
}

void let_through(int number) {
  struct sigaction action {};
  action.sa_handler = on_parent_died;
  action.sa_flags = SA_RESTART | SA_ONSTACK;  // foreign code may run on stacks of its own
  sigfillset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace

void led_by_another(int pidfd) {
  leader = pidfd;
  if (watch == nullptr) return;  // it will be looked at from the first call of the other one on
  watch->deadline.disarm();
  watch->is_armed = 0;
  look_now_and_then();
}

Result<void> end_when_orphaned(Parents parents, std::chrono::milliseconds limit) {
  if (watch == nullptr) {
    watch = new Watch{parents.last, limit};
    if (!watch->deadline) return failed("make a timer");
  }
  let_through(parent_died());
  if (::prctl(PR_SET_PDEATHSIG, parent_died(), 0, 0, 0) != 0) {
    return failed("ask for a signal at the parent's death");
  }
  if (leader >= 0) {
    look_now_and_then();
    return {};
  }
  // Whoever died before the call sends none. The first parent may still live; its death is told,
  // and by then it is known who comes after it.
  const Pid now = ::getppid();
  if (now != parents.first && now != parents.last) watch->strike();
  return {};
}

}  // namespace hupd::os
