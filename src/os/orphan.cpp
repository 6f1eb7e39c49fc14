#include "os/orphan.hpp"

#include <cerrno>

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "os/self_destruct.hpp"

namespace hupd::os {

namespace {

// What the handler knows. Never destroyed: it is needed while the process ends, too.
struct Watch {
  Pid last_parent;
  std::chrono::milliseconds limit;
  SelfDestruct deadline = {};
  volatile sig_atomic_t is_armed = 0;  // the death of whoever adopts it is no reason to begin anew

  void strike() {
    if (is_armed != 0) return;
    is_armed = 1;
    deadline.arm(limit);
  }
};

Watch* watch = nullptr;

// Far from the numbers that applications and libraries take, which count from SIGRTMIN, and not
// SIGRTMAX itself, which is valgrind's.
int parent_died() { return SIGRTMAX - 2; }

// Comes with the first parent's death as well. The kernel gives a process its new parent before it
// sends the signal.
void on_parent_died(int) {
  const int error = errno;
  if (::getppid() != watch->last_parent) watch->strike();
  errno = error;
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

void end_orphanhood() {
  if (watch == nullptr) return;
  watch->deadline.disarm();
  watch->is_armed = 0;
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
  // Whoever died before the call sends none. The first parent may still live; its death is told,
  // and by then it is known who comes after it.
  const Pid now = ::getppid();
  if (now != parents.first && now != parents.last) watch->strike();
  return {};
}

}  // namespace hupd::os
