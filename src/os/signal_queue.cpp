#include "os/signal_queue.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace hupd::os {

Result<SignalQueue> SignalQueue::create(int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) return failed("block a signal");
  // Whoever started this process may have ignored it: a SIGCHLD that is ignored reaps by itself.
  // Only then: to set the default action anew would drop a SIGCHLD that waits.
  struct sigaction present = {};
  ::sigaction(number, nullptr, &present);
  if (present.sa_handler != SIG_DFL) ::signal(number, SIG_DFL);
  Fd fd(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!fd) return failed("make a descriptor for a signal");
  return SignalQueue(std::move(fd));
}

bool SignalQueue::take() {
  signalfd_siginfo info{};
  return ::read(fd_.get(), &info, sizeof info) == sizeof info;
}

}  // namespace hupd::os
